package io.headwater.adapt.state;

import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What the checkpoints of one lane in an artifact store hold already, so that the next one stores only what is new: new
 * items, such as samples to remember, and tensors that have changed. What it does not repeat, it refers to by the digest of
 * the checkpoint that holds it, never through a chain.
 *
 * <p>From time to time a checkpoint stores everything, and becomes the <em>base</em> of the following ones: when these have
 * taken as many bytes as the base, so that at most twice the bytes of what is new are written, and a checkpoint is restored
 * from at most twice the bytes of the lane. No checkpoint refers to one before its base. Not thread-safe.
 */
public final class CheckpointLog {
    /** Number of checkpoints to which one refers after which the next one is a base, so that restoring opens few files. */
    private static final int MOST_REFERRED = 256;

    private final List<Part> parts = new ArrayList<>();
    private Map<Object, Integer> places = new IdentityHashMap<>();
    private Map<String, Held> tensors = new HashMap<>();
    private Map<String, Group> groups = new HashMap<>();
    private long baseBytes;
    private long bytesSince;
    private int referred;

    /** A checkpoint that holds items, and their number. */
    record Part(Digest checkpoint, int items) {}

    /** A tensor, by the digest of its content, and the checkpoint that holds it. */
    record Held(Digest content, Digest checkpoint) {}

    /** Tensors that a part of the lane need not write again while {@code state} stands for what they hold. */
    record Group(Object state, Set<String> tensors) {}

    /** Creates a log without checkpoints. */
    public CheckpointLog() {}

    /** Continues from a checkpoint that has been read. */
    CheckpointLog(
            List<Part> parts,
            Map<Object, Integer> places,
            Map<String, Held> tensors,
            Map<String, Group> groups,
            long baseBytes,
            long bytesSince,
            int referred) {
        this.parts.addAll(parts);
        this.places = places;
        this.tensors = tensors;
        this.groups = groups;
        this.baseBytes = baseBytes;
        this.bytesSince = bytesSince;
        this.referred = referred;
    }

    /**
     * Stores a checkpoint, durably. Afterwards, later checkpoints refer to it.
     *
     * @param sections writes the sections
     * @param mentioned digests of further artifacts without which a lane cannot go on from it, such as those of versions to
     *     which it may return
     * @return the digest of the checkpoint
     * @throws java.io.UncheckedIOException when it cannot be stored; then the next one refers to what was stored before
     */
    public Digest save(
            ArtifactStore store,
            Digest baseModel,
            String form,
            List<String> outputs,
            Set<Digest> mentioned,
            Consumer<SectionWriter> sections) {
        boolean base = isBaseDue();
        SharedParts shared = new SharedParts(
                base ? List.of() : parts,
                base ? Map.of() : places,
                base ? Map.of() : tensors,
                base ? Map.of() : groups);
        Map<String, Tensor> own = new TreeMap<>();
        Map<String, String> metadata = new TreeMap<>();
        ArtifactMetadata.put(metadata, baseModel, form, outputs);
        sections.accept(new SectionWriter("", own, metadata, shared));
        byte[] bytes = shared.file(own, metadata, base ? 0 : baseBytes, base ? 0 : bytesSince, mentioned);
        Digest stored = store.put(bytes);
        adopt(shared, stored, base, bytes.length);
        return stored;
    }

    /** Returns the bytes of the files from which the lane would be read. */
    public long bytes() {
        return baseBytes + bytesSince;
    }

    private boolean isBaseDue() {
        return baseBytes == 0 || bytesSince >= baseBytes || referred >= MOST_REFERRED;
    }

    private void adopt(SharedParts shared, Digest stored, boolean base, int length) {
        if (base) {
            parts.clear();
            baseBytes = length;
            bytesSince = 0;
        } else {
            bytesSince += length;
        }
        if (shared.newItems() > 0) {
            parts.add(new Part(stored, shared.newItems()));
        }
        referred = shared.checkpoints();
        places = shared.referred();
        tensors = shared.tensorsAt(stored);
        groups = shared.groups();
    }
}
