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
 * Lane checkpoints at rest: one safetensors file whose metadata name the format's version, the base model, the form of the
 * heads and the outputs, and whose other contents are sections, one for each part of a lane.
 */
public final class Checkpoints {
    private static final String FORMAT = "headwater-checkpoint-2";

    private Checkpoints() {}

    /**
     * A checkpoint that was read.
     *
     * @param baseModel whose features were learned
     * @param form what its heads have in common with all others of the adaptation
     * @param outputs names of the outputs in the order of the logits
     * @param sections of the parts of the lane
     */
    public record Contents(Digest baseModel, String form, List<String> outputs, SectionReader sections) {}

    /** The bytes of a checkpoint, the same for the same state. {@code parts} writes the sections. */
    public static byte[] write(Digest baseModel, String form, List<String> outputs, Consumer<SectionWriter> parts) {
        Map<String, Tensor> tensors = new TreeMap<>();
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", FORMAT);
        ArtifactMetadata.put(metadata, baseModel, form, outputs);
        parts.accept(new SectionWriter("", tensors, metadata));
        return Safetensors.write(tensors, metadata);
    }

    /**
     * Reads what {@link #write} wrote, in this release or in the one before.
     *
     * @throws ArtifactException when {@code bytes} are something else
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
