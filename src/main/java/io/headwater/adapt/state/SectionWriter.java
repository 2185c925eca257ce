package io.headwater.adapt.state;

import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes one section of a checkpoint: tensors and metadata whose names begin with the name of the section. */
public final class SectionWriter {
    private final String prefix;
    private final Map<String, Tensor> tensors;
    private final Map<String, String> metadata;

    private final @Nullable SharedParts shared;

    /** Creates a section of a checkpoint that holds everything itself. */
    SectionWriter(String prefix, Map<String, Tensor> tensors, Map<String, String> metadata) {
        this(prefix, tensors, metadata, null);
    }

    SectionWriter(
            String prefix, Map<String, Tensor> tensors, Map<String, String> metadata, @Nullable SharedParts shared) {
        this.prefix = prefix;
        this.tensors = tensors;
        this.metadata = metadata;
        this.shared = shared;
    }

    /** Returns a writer of a section nested in this one. */
    public SectionWriter section(String name) {
        return new SectionWriter(prefix + name + "/", tensors, metadata, shared);
    }

    /** Writes a value as text. */
    public void value(String name, Object value) {
        metadata.put(prefix + name, value.toString());
    }

    /** Writes tensors below {@code name}. */
    public void tensors(String name, Map<String, ? extends Tensor> named) {
        named.forEach((key, tensor) -> tensors.put(prefix + name + "/" + key, tensor));
    }

    /** Returns whether the checkpoint shares what it can with those before it. */
    public boolean isShared() {
        return shared != null;
    }

    /**
     * Writes which items of the lane a list has, such as samples to remember; each item is stored once, in the first
     * checkpoint that has it. Items are the same when they are the same object. The checkpoint must be {@linkplain
     * #isShared shared}.
     *
     * @param write writes items into a section; the same for all lists of a checkpoint
     */
    public <T> void items(String name, List<T> items, BiConsumer<SectionWriter, List<T>> write) {
        ints(
                name,
                Objects.requireNonNull(shared, "only a shared checkpoint has items")
                        .places(items, write));
    }

    /**
     * Writes tensors below {@code name} to which later checkpoints can refer.
     *
     * @return an object that stands for what they hold, for {@link #repeats}; null when the checkpoint is not shared
     */
    public @Nullable Object group(String name, Map<String, ? extends Tensor> named) {
        tensors(name, named);
        return shared == null
                ? null
                : shared.writes(
                        prefix + name,
                        named.keySet().stream()
                                .map(key -> prefix + name + "/" + key)
                                .collect(Collectors.toSet()));
    }

    /**
     * Refers to the tensors below {@code name} in an earlier checkpoint, if it has those for which {@code state} stands.
     *
     * @param state what {@link #group} or {@link SectionReader#state} returned; null when there is none
     * @return whether it has; otherwise they must be written
     */
    public boolean repeats(String name, @Nullable Object state) {
        return shared != null && shared.repeats(prefix + name, state);
    }

    /** Writes a vector of floats. */
    public void floats(String name, float[] values) {
        tensors.put(prefix + name, new Tensor.F32(new int[] {values.length}, values));
    }

    /** Writes a vector of integers. */
    public void ints(String name, int[] values) {
        tensors.put(prefix + name, new Tensor.I32(new int[] {values.length}, values));
    }

    /** Writes a vector of doubles, bit by bit. */
    public void doubles(String name, double[] values) {
        int[] halves = new int[Math.multiplyExact(2, values.length)];
        for (int i = 0; i < values.length; i++) {
            long bits = Double.doubleToRawLongBits(values[i]);
            halves[2 * i] = (int) (bits >>> 32);
            halves[2 * i + 1] = (int) bits;
        }
        ints(name, halves);
    }

    /** Writes a vector of 64-bit integers. */
    public void longs(String name, long[] values) {
        tensors.put(prefix + name, new Tensor.I64(new int[] {values.length}, values));
    }

    /**
     * Writes rows that may differ in length, such as those of sentences, as all values in order and the size of each
     * row.
     */
    public void rows(String name, List<float[]> rows) {
        int[] sizes = rows.stream().mapToInt(row -> row.length).toArray();
        float[] values = new float[Arrays.stream(sizes).reduce(0, Math::addExact)];
        int at = 0;
        for (float[] row : rows) {
            System.arraycopy(row, 0, values, at, row.length);
            at += row.length;
        }
        floats(name, values);
        ints(name + "/sizes", sizes);
    }
}
