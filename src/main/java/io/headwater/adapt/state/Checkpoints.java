package io.headwater.adapt.state;

import io.headwater.domain.ArtifactException;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The format of lane checkpoints: a safetensors file whose metadata contain the format version, the base model, the
 * form of the heads and the outputs, and whose other content consists of sections, one for each part of a lane.
 */
public final class Checkpoints {
    private static final String FORMAT = "headwater-checkpoint-2";

    /** Number of first bytes of a checkpoint that tell {@linkplain #needs what it needs}, if it has as many. */
    public static final int START_BYTES = 1 << 14;

    private Checkpoints() {}

    /**
     * The content of a checkpoint.
     *
     * @param baseModel base model whose features are the input of the heads
     * @param form structure that all heads of the adaptation share
     * @param outputs names of the outputs, in the order of the logits
     * @param sections sections of the parts of the lane
     * @param shared what it shares with other checkpoints of its lane; null when it holds everything itself
     */
    public record Contents(
            Digest baseModel,
            String form,
            List<String> outputs,
            SectionReader sections,
            @Nullable ReadParts shared) {

        /** Returns the log of a lane that continues from this checkpoint, after it has read all sections. */
        public CheckpointLog log() {
            return shared == null ? new CheckpointLog() : shared.log();
        }
    }

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
        return contents(file, null);
    }

    /**
     * Reads a checkpoint from a store, of this release or a previous one, and those to which it refers.
     *
     * @throws ArtifactException when it is missing, is damaged or is no checkpoint, or one to which it refers
     */
    public static Contents read(ArtifactStore store, Digest checkpoint) {
        byte[] bytes = store.get(checkpoint);
        if (!CheckpointFile.isBegunBy(bytes)) {
            return read(bytes);
        }
        ReadParts shared = new ReadParts(bytes, store);
        return contents(shared.all(), shared);
    }

    private static Contents contents(Safetensors.Contents file, @Nullable ReadParts shared) {
        return new Contents(
                ArtifactMetadata.baseModel(file),
                ArtifactMetadata.form(file),
                ArtifactMetadata.labels(file),
                new SectionReader("", file, shared),
                shared);
    }

    /**
     * Returns the artifacts without which a lane cannot go on from a checkpoint: those to which it refers, and those of
     * versions to which the lane may return.
     *
     * @param start its first {@link #START_BYTES} bytes, or all
     * @throws ArtifactException when these bytes are damaged
     */
    public static List<Digest> needs(byte[] start) {
        return CheckpointFile.isBegunBy(start) ? CheckpointFile.needs(start) : List.of();
    }

    /**
     * Returns the checkpoints to which one refers, without which it cannot be read.
     *
     * @param start its first {@link #START_BYTES} bytes, or all; bytes that are no checkpoint refer to none
     * @throws ArtifactException when these bytes are damaged
     */
    public static List<Digest> parts(byte[] start) {
        return CheckpointFile.isBegunBy(start) ? CheckpointFile.parts(start) : List.of();
    }
}
