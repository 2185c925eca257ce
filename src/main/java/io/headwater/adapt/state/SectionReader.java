package io.headwater.adapt.state;

import io.headwater.domain.ArtifactException;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads one section of a checkpoint that {@link SectionWriter} wrote. All methods throw {@link ArtifactException} when
 * something is missing or has an unexpected form.
 */
public final class SectionReader {
    private final String prefix;
    private final Safetensors.Contents file;
    private final @Nullable ReadParts shared;

    /** Creates a section of a checkpoint that holds everything itself. */
    SectionReader(String prefix, Safetensors.Contents file) {
        this(prefix, file, null);
    }

    SectionReader(String prefix, Safetensors.Contents file, @Nullable ReadParts shared) {
        this.prefix = prefix;
        this.file = file;
        this.shared = shared;
    }

    /** Returns the name of the section. */
    public String name() {
        return prefix.substring(0, Math.max(0, prefix.length() - 1));
    }

    /** Returns a section nested in this one. */
    public SectionReader section(String name) {
        return new SectionReader(prefix + name + "/", file, shared);
    }

    /** Reads a value, which {@code parse} converts from text. */
    public <T> T value(String name, Function<String, T> parse) {
        return ArtifactMetadata.value(file, prefix + name, parse);
    }

    /** Returns the tensors below {@code name}, all of which must hold 32-bit floats. */
    public Map<String, Tensor.F32> tensors(String name) {
        Map<String, Tensor.F32> floats = new TreeMap<>();
        anyTensors(name)
                .forEach((key, tensor) -> floats.put(key, ArtifactMetadata.floats(prefix + name + "/" + key, tensor)));
        return floats;
    }

    /** Returns the tensors of any type below {@code name}. */
    public Map<String, Tensor> anyTensors(String name) {
        String start = prefix + name + "/";
        Map<String, Tensor> found = new TreeMap<>();
        file.tensors().forEach((key, tensor) -> {
            if (key.startsWith(start)) {
                found.put(key.substring(start.length()), tensor);
            }
        });
        return found;
    }

    /** Returns whether there is anything in the section of this name. */
    public boolean hasSection(String name) {
        String start = prefix + name + "/";
        return file.metadata().keySet().stream().anyMatch(key -> key.startsWith(start))
                || file.tensors().keySet().stream().anyMatch(key -> key.startsWith(start));
    }

    /** Returns whether there is a tensor with this name. */
    public boolean has(String name) {
        return file.tensors().containsKey(prefix + name);
    }

    /**
     * Reads a list that {@link SectionWriter#items} wrote. An item of several lists is one object.
     *
     * @param read reads items from a section; the same for all lists of a checkpoint
     */
    public <T> List<T> items(String name, Function<SectionReader, List<T>> read) {
        if (shared == null) {
            throw new ArtifactException("a checkpoint that holds everything itself cannot refer to items, but '"
                    + prefix + name + "' does");
        }
        return shared.items(ints(name), read);
    }

    /** Returns an object that stands for the tensors below {@code name}, for {@link SectionWriter#repeats}; null for none. */
    public @Nullable Object state(String name) {
        return shared == null ? null : shared.state(prefix + name);
    }

    /** Reads a vector of floats. */
    public float[] floats(String name) {
        return ArtifactMetadata.floats(prefix + name, required(name)).values();
    }

    /** Reads a vector of integers. */
    public int[] ints(String name) {
        if (required(name) instanceof Tensor.I32 ints) {
            return ints.values();
        }
        throw new ArtifactException("tensor '" + prefix + name + "' of a checkpoint must hold 32-bit integers");
    }

    /** Reads a vector of {@code length} doubles. */
    public double[] doubles(String name, int length) {
        int[] halves = ints(name);
        if (halves.length != 2L * length) {
            throw new ArtifactException("tensor '%s' of a checkpoint must hold %d doubles, but holds %d"
                    .formatted(prefix + name, length, halves.length / 2));
        }
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = Double.longBitsToDouble((long) halves[2 * i] << 32 | Integer.toUnsignedLong(halves[2 * i + 1]));
        }
        return values;
    }

    /** Reads a vector of 64-bit integers. */
    public long[] longs(String name) {
        if (required(name) instanceof Tensor.I64 longs) {
            return longs.values();
        }
        throw new ArtifactException("tensor '" + prefix + name + "' of a checkpoint must hold 64-bit integers");
    }

    /** Reads rows that may differ in length. */
    public List<float[]> rows(String name) {
        float[] values = floats(name);
        int[] sizes = ints(name + "/sizes");
        if (Arrays.stream(sizes).anyMatch(size -> size < 0)
                || Arrays.stream(sizes).asLongStream().sum() != values.length) {
            throw new ArtifactException(
                    "the sizes of the rows of '%s' in a checkpoint must add up to its %d values, but do not"
                            .formatted(prefix + name, values.length));
        }
        List<float[]> rows = new ArrayList<>(sizes.length);
        int at = 0;
        for (int size : sizes) {
            rows.add(Arrays.copyOfRange(values, at, at + size));
            at += size;
        }
        return rows;
    }

    private Tensor required(String name) {
        Tensor tensor = file.tensors().get(prefix + name);
        if (tensor == null) {
            throw new ArtifactException(
                    "a checkpoint lacks the tensor '" + prefix + name + "'; it is not a Headwater checkpoint");
        }
        return tensor;
    }
}
