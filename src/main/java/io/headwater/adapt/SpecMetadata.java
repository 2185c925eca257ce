package io.headwater.adapt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.engine.HeadSpec;
import io.headwater.engine.Safetensors;
import io.headwater.engine.Tensor;
import java.util.List;
import java.util.Map;

/** What head artifacts and lane checkpoints both say of their head, as safetensors metadata. */
final class SpecMetadata {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SpecMetadata() {}

    static void put(Map<String, String> metadata, Digest baseModel, HeadSpec spec, List<String> labels) {
        metadata.put("baseModel", baseModel.toString());
        metadata.put("inputs", Integer.toString(spec.inputs()));
        metadata.put("hidden", Integer.toString(spec.hidden()));
        metadata.put("learningRate", Double.toString(spec.learningRate()));
        metadata.put("seed", Long.toString(spec.seed()));
        try {
            metadata.put("labels", JSON.writeValueAsString(labels));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a list of strings is always valid JSON", e);
        }
    }

    static Safetensors.Contents read(byte[] bytes, String format) {
        Safetensors.Contents file = Safetensors.read(bytes);
        String found = file.metadata().get("format");
        if (!format.equals(found)) {
            throw new ArtifactException("artifact " + Digest.of(bytes) + " must have the format '" + format
                    + "', but has '" + found + "'; it was written by another release or is another kind of artifact");
        }
        return file;
    }

    static Digest baseModel(Safetensors.Contents file) {
        return Digest.parse(text(file, "baseModel"));
    }

    static HeadSpec spec(Safetensors.Contents file) {
        return new HeadSpec(
                Integer.parseInt(text(file, "inputs")),
                Integer.parseInt(text(file, "hidden")),
                Double.parseDouble(text(file, "learningRate")),
                Long.parseLong(text(file, "seed")));
    }

    static List<String> labels(Safetensors.Contents file) {
        try {
            return JSON.readValue(text(file, "labels"), new TypeReference<List<String>>() {});
        } catch (JsonProcessingException e) {
            throw new ArtifactException("the labels of an artifact must be a JSON list of strings: " + e.getMessage());
        }
    }

    static String text(Safetensors.Contents file, String key) {
        String value = file.metadata().get(key);
        if (value == null) {
            throw new ArtifactException("an artifact lacks the metadata '" + key + "'; it is not a Headwater artifact");
        }
        return value;
    }

    static Tensor.F32 floats(String name, Tensor tensor) {
        if (tensor instanceof Tensor.F32 floats) {
            return floats;
        }
        throw new ArtifactException("tensor '" + name + "' of an artifact must hold 32-bit floats");
    }
}
