package io.headwater.adapt.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.SafetensorsException;
import io.headwater.engine.weights.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads and writes the safetensors metadata that head artifacts and lane checkpoints have in common. */
public final class ArtifactMetadata {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ArtifactMetadata() {}

    /** Writes the base model, the form of the heads and the names of the outputs. */
    public static void put(Map<String, String> metadata, Digest baseModel, String form, List<String> labels) {
        metadata.put("baseModel", baseModel.toString());
        metadata.put("form", form);
        try {
            metadata.put("labels", JSON.writeValueAsString(labels));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a list of strings is always valid JSON", e);
        }
    }

    /**
     * Reads an artifact.
     *
     * @param format the required format
     * @throws ArtifactException when {@code bytes} do not have this format
     */
    public static Safetensors.Contents read(byte[] bytes, String format) {
        Safetensors.Contents file = parsed(bytes);
        requireFormat(bytes, file, format);
        return file;
    }

    static void requireFormat(byte[] bytes, Safetensors.Contents file, String format) {
        String found = file.metadata().get("format");
        if (!format.equals(found)) {
            throw new ArtifactException("artifact " + Digest.of(bytes) + " must have the format '" + format
                    + "', but has '" + found + "'; it was written by another release or is another kind of artifact");
        }
    }

    static Safetensors.Contents parsed(byte[] bytes) {
        try {
            return Safetensors.read(bytes);
        } catch (SafetensorsException e) {
            throw new ArtifactException(
                    "artifact " + Digest.of(bytes) + " is not a Headwater artifact: " + e.getMessage());
        }
    }

    /** Returns the digest of the base model whose features are the input of its heads. */
    public static Digest baseModel(Safetensors.Contents file) {
        return value(file, "baseModel", Digest::parse);
    }

    /** Returns the structure that all heads of the adaptation share. */
    public static String form(Safetensors.Contents file) {
        return text(file, "form");
    }

    /** Returns the classes in the order of the logits, without duplicates. */
    public static List<String> labels(Safetensors.Contents file) {
        String text = text(file, "labels");
        try {
            List<String> labels = JSON.readValue(text, new TypeReference<List<String>>() {});
            if (!labels.contains(null) && new HashSet<>(labels).size() == labels.size()) {
                return labels;
            }
        } catch (JsonProcessingException e) {
            // The message below describes what is expected.
        }
        throw new ArtifactException(
                "the metadata 'labels' of an artifact must be a JSON list of different strings, but is " + text);
    }

    /** Returns the value of the metadata {@code key}, converted by {@code parse}. */
    public static <T> T value(Safetensors.Contents file, String key, Function<String, T> parse) {
        String text = text(file, key);
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw new ArtifactException(
                    "the metadata '%s' of an artifact cannot be '%s': %s".formatted(key, text, e.getMessage()));
        }
    }

    /** Returns the text of the metadata {@code key}. */
    public static String text(Safetensors.Contents file, String key) {
        String value = file.metadata().get(key);
        if (value == null) {
            throw new ArtifactException("an artifact lacks the metadata '" + key + "'; it is not a Headwater artifact");
        }
        return value;
    }

    /** Returns the tensor as a tensor of 32-bit floats. */
    public static Tensor.F32 floats(String name, Tensor tensor) {
        if (tensor instanceof Tensor.F32 floats) {
            return floats;
        }
        throw new ArtifactException("tensor '" + name + "' of an artifact must hold 32-bit floats");
    }
}
