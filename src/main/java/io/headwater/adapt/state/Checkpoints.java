package io.headwater.adapt.state;

import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The format of lane checkpoints: a safetensors file whose metadata contain the format version, the base model, the
 * form of the heads and the outputs, and whose other content consists of sections, one for each part of a lane.
 */
public final class Checkpoints {
    private static final String FORMAT = "headwater-checkpoint-2";

    private Checkpoints() {}

    /**
     * The content of a checkpoint.
     *
     * @param baseModel base model whose features are the input of the heads
     * @param form structure that all heads of the adaptation share
     * @param outputs names of the outputs, in the order of the logits
     * @param sections sections of the parts of the lane
     */
    public record Contents(Digest baseModel, String form, List<String> outputs, SectionReader sections) {}

    /** Returns the bytes of a checkpoint; equal states have equal bytes. {@code parts} writes the sections. */
    public static byte[] write(Digest baseModel, String form, List<String> outputs, Consumer<SectionWriter> parts) {
        Map<String, Tensor> tensors = new TreeMap<>();
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", FORMAT);
        ArtifactMetadata.put(metadata, baseModel, form, outputs);
        parts.accept(new SectionWriter("", tensors, metadata));
        return Safetensors.write(tensors, metadata);
    }

    /**
     * Reads a checkpoint that {@link #write} wrote in this or the previous release.
     *
     * @throws ArtifactException when {@code bytes} are not a checkpoint
     */
    public static Contents read(byte[] bytes) {
        Safetensors.Contents file = ArtifactMetadata.parsed(bytes);
        if (FirstCheckpointFormat.NAME.equals(file.metadata().get("format"))) {
            file = FirstCheckpointFormat.upgraded(file);
        } else {
            ArtifactMetadata.requireFormat(bytes, file, FORMAT);
        }
        return new Contents(
                ArtifactMetadata.baseModel(file),
                ArtifactMetadata.form(file),
                ArtifactMetadata.labels(file),
                new SectionReader("", file));
    }
}
