package io.headwater.testing;

import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Files with tensors, each of which differs from a valid one in one place. */
public final class DamagedFiles {
    private static final List<String> VALUES = List.of("", "x", "-1", "2147483647", "9223372036854775807", "NaN");

    private DamagedFiles() {}

    /**
     * A damaged file.
     *
     * @param damage what was done, for messages
     */
    public record Damaged(String damage, byte[] file) {}

    /**
     * Returns all variants of a file of which one tensor or one value is missing or another one.
     *
     * @param names names of tensors and values that are left out, to which those of this file are added
     */
    public static List<Damaged> of(byte[] file, Set<String> names) {
        Safetensors.Contents valid = Safetensors.read(file);
        List<Damaged> damaged = new ArrayList<>();
        valid.tensors().forEach((name, tensor) -> {
            if (!names.add(name)) {
                return;
            }
            damaged.add(tensor(valid, name, "removed", Map.of()));
            damaged.add(tensor(valid, name, "renamed", Map.of(name + "x", tensor)));
            others(tensor).forEach((how, other) -> damaged.add(tensor(valid, name, how, Map.of(name, other))));
        });
        valid.metadata().keySet().forEach(key -> {
            if (!names.add(key)) {
                return;
            }
            damaged.add(value(valid, key, "removed", Map.of()));
            VALUES.forEach(other -> damaged.add(value(valid, key, "'" + other + "'", Map.of(key, other))));
        });
        return damaged;
    }

    private static Damaged tensor(Safetensors.Contents valid, String name, String how, Map<String, Tensor> instead) {
        Map<String, Tensor> tensors = new TreeMap<>(valid.tensors());
        tensors.remove(name);
        tensors.putAll(instead);
        return new Damaged(name + ": " + how, Safetensors.write(tensors, valid.metadata()));
    }

    private static Damaged value(Safetensors.Contents valid, String key, String how, Map<String, String> instead) {
        Map<String, String> metadata = new TreeMap<>(valid.metadata());
        metadata.remove(key);
        metadata.putAll(instead);
        return new Damaged(key + ": " + how, Safetensors.write(valid.tensors(), metadata));
    }

    /** Returns other tensors of the same name, of as many bytes if not empty, shorter or longer. */
    private static Map<String, Tensor> others(Tensor tensor) {
        Type type = Type.of(tensor);
        byte[] bytes = bytes(tensor);
        int[] shape = tensor.shape();
        int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        int[] turned = new int[shape.length];
        for (int i = 0; i < shape.length; i++) {
            turned[i] = shape[shape.length - 1 - i];
        }
        Map<String, Tensor> others = new TreeMap<>();
        for (Type other : Type.values()) {
            if (other != type && bytes.length % other.bytes == 0) {
                int[] same = other.bytes == type.bytes ? shape : new int[] {bytes.length / other.bytes};
                others.put("as " + other, other.read(same, bytes));
            }
        }
        for (int[] other : new int[][] {turned, {size}, {1, size}, {size, 1}}) {
            if (!Arrays.equals(other, shape)) {
                others.put("of shape " + Arrays.toString(other), type.read(other, bytes));
            }
        }
        others.put("empty", type.read(new int[] {0}, new byte[0]));
        others.put("one longer", type.read(new int[] {size + 1}, Arrays.copyOf(bytes, bytes.length + type.bytes)));
        if (size > 0) {
            others.put("one shorter", type.read(new int[] {size - 1}, Arrays.copyOf(bytes, bytes.length - type.bytes)));
        }
        for (int fill : new int[] {0, 0x7f, 0xff}) {
            byte[] filled = new byte[bytes.length];
            Arrays.fill(filled, (byte) fill);
            others.put("filled with bytes " + fill, type.read(shape, filled));
        }
        return others;
    }

    private static byte[] bytes(Tensor tensor) {
        Type type = Type.of(tensor);
        int size = Arrays.stream(tensor.shape()).reduce(1, (a, b) -> a * b);
        ByteBuffer bytes = ByteBuffer.allocate(size * type.bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (tensor instanceof Tensor.F32 floats) {
            bytes.asFloatBuffer().put(floats.values());
        } else if (tensor instanceof Tensor.I32 ints) {
            bytes.asIntBuffer().put(ints.values());
        } else if (tensor instanceof Tensor.I64 longs) {
            bytes.asLongBuffer().put(longs.values());
        }
        return bytes.array();
    }

    /** The types of tensors. */
    private enum Type {
        F32(4),
        I32(4),
        I64(8);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        static Type of(Tensor tensor) {
            return tensor instanceof Tensor.F32 ? F32 : tensor instanceof Tensor.I32 ? I32 : I64;
        }

        Tensor read(int[] shape, byte[] values) {
            ByteBuffer buffer = ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN);
            int size = values.length / bytes;
            switch (this) {
                case F32 -> {
                    float[] floats = new float[size];
                    buffer.asFloatBuffer().get(floats);
                    return new Tensor.F32(shape, floats);
                }
                case I32 -> {
                    int[] ints = new int[size];
                    buffer.asIntBuffer().get(ints);
                    return new Tensor.I32(shape, ints);
                }
                default -> {
                    long[] longs = new long[size];
                    buffer.asLongBuffer().get(longs);
                    return new Tensor.I64(shape, longs);
                }
            }
        }
    }
}
