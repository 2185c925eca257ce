package io.headwater.adapt.state;

import io.headwater.adapt.state.CheckpointLog.Group;
import io.headwater.adapt.state.CheckpointLog.Held;
import io.headwater.adapt.state.CheckpointLog.Part;
import io.headwater.domain.Digest;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What one checkpoint shares with those before it, while it is written. */
final class SharedParts {
    /** The prefix of what a checkpoint says about what it shares. */
    static final String PREFIX = "shared/";

    static final String ITEMS = PREFIX + "items/";
    static final String REPEATED = PREFIX + "repeated/";
    static final String PARTS = PREFIX + "parts";
    static final String BASE_BYTES = PREFIX + "baseBytes";
    static final String BYTES_SINCE = PREFIX + "bytesSince";

    /** The place of this checkpoint in its own list of parts. */
    static final int ITSELF = -1;

    /** Number of values from which a tensor is worth a reference. */
    private static final int WORTH = 64;

    private final List<Part> parts;
    private final Map<Object, Integer> places;
    private final Map<String, Held> held;
    private final Map<String, Group> heldGroups;

    private final Map<Object, Integer> referred = new IdentityHashMap<>();
    private final List<Object> items = new ArrayList<>();
    private final Map<String, Group> groups = new HashMap<>();
    private final Set<String> repeated = new HashSet<>();
    private final Map<String, Digest> contents = new HashMap<>();
    private BiConsumer<SectionWriter, List<Object>> format = (section, none) -> {};
    private int next;
    private int checkpoints;

    SharedParts(List<Part> parts, Map<Object, Integer> places, Map<String, Held> held, Map<String, Group> heldGroups) {
        this.parts = List.copyOf(parts);
        this.places = places;
        this.held = held;
        this.heldGroups = heldGroups;
        this.next = parts.stream().mapToInt(Part::items).sum();
    }

    /** Returns the places of items in the log, to which it appends those that have none; each less the one before it. */
    <T> int[] places(List<T> all, BiConsumer<SectionWriter, List<T>> write) {
        format = untyped(write);
        int[] differences = new int[all.size()];
        int before = 0;
        for (int i = 0; i < differences.length; i++) {
            int place = place(all.get(i));
            differences[i] = place - before;
            before = place;
        }
        return differences;
    }

    @SuppressWarnings("unchecked")
    private static <T> BiConsumer<SectionWriter, List<Object>> untyped(BiConsumer<SectionWriter, List<T>> write) {
        return (section, objects) -> write.accept(section, (List<T>) objects);
    }

    private int place(Object item) {
        Integer known = referred.get(item);
        if (known == null) {
            known = places.get(item);
        }
        if (known == null) {
            known = next++;
            items.add(item);
        }
        referred.put(item, known);
        return known;
    }

    /** Refers to the tensors of a group, if an earlier checkpoint has them for this state; returns whether it does. */
    boolean repeats(String name, @Nullable Object state) {
        Group group = heldGroups.get(name);
        if (state == null
                || group == null
                || group.state() != state
                || !held.keySet().containsAll(group.tensors())) {
            return false;
        }
        groups.put(name, group);
        repeated.addAll(group.tensors());
        return true;
    }

    /** Notes that tensors of a group are written, and returns the state that stands for them. */
    Object writes(String name, Collection<String> tensors) {
        Group group = new Group(new Object(), Set.copyOf(tensors));
        groups.put(name, group);
        return group.state();
    }

    /** Returns the bytes of the checkpoint with these tensors and values. */
    byte[] file(
            Map<String, Tensor> tensors,
            Map<String, String> metadata,
            long baseBytes,
            long bytesSince,
            Collection<Digest> mentioned) {
        Set<String> members = new HashSet<>();
        groups.values().forEach(group -> members.addAll(group.tensors()));
        Map<String, Tensor> own = new TreeMap<>();
        tensors.forEach((name, tensor) -> {
            if (!isRepeated(name, tensor, members.contains(name))) {
                own.put(name, tensor);
            }
        });
        format.accept(new SectionWriter(ITEMS, own, metadata), items);
        Map<Digest, Integer> indices = new LinkedHashMap<>();
        parts.forEach(part -> index(part.checkpoint(), indices));
        for (String name : repeated) {
            metadata.put(REPEATED + name, Integer.toString(index(held(name).checkpoint(), indices)));
        }
        own.put(PARTS, partsTensor(indices));
        checkpoints = indices.size();
        metadata.put(BASE_BYTES, Long.toString(baseBytes));
        metadata.put(BYTES_SINCE, Long.toString(bytesSince));
        return new CheckpointFile(
                        List.copyOf(indices.keySet()),
                        mentioned.stream().sorted().toList(),
                        new Safetensors.Contents(new TreeMap<>(own), new TreeMap<>(metadata)))
                .toBytes();
    }

    /** Returns whether a checkpoint before this one has the same tensor, to which this one refers then. */
    private boolean isRepeated(String name, Tensor tensor, boolean inGroup) {
        if (Arrays.stream(tensor.shape()).asLongStream().reduce(1, (a, b) -> a * b) < WORTH && !inGroup) {
            return false;
        }
        Digest content = content(tensor);
        Held before = held.get(name);
        if (before != null && before.content().equals(content)) {
            repeated.add(name);
            return true;
        }
        contents.put(name, content);
        return false;
    }

    /** Returns the digest of a tensor with its type and shape; it is compared, but not stored. */
    static Digest content(Tensor tensor) {
        ByteBuffer bytes;
        if (tensor instanceof Tensor.F32 floats) {
            bytes = headed('f', tensor.shape(), Float.BYTES, floats.values().length);
            bytes.asFloatBuffer().put(floats.values());
        } else if (tensor instanceof Tensor.I32 integers) {
            bytes = headed('i', tensor.shape(), Integer.BYTES, integers.values().length);
            bytes.asIntBuffer().put(integers.values());
        } else {
            long[] values = ((Tensor.I64) tensor).values();
            bytes = headed('l', tensor.shape(), Long.BYTES, values.length);
            bytes.asLongBuffer().put(values);
        }
        return Digest.of(bytes.array());
    }

    private static ByteBuffer headed(char type, int[] shape, int size, int count) {
        int head = Character.BYTES + Integer.BYTES * (1 + shape.length);
        ByteBuffer bytes = ByteBuffer.allocate(Math.addExact(head, Math.multiplyExact(size, count)));
        bytes.putChar(type).putInt(shape.length);
        for (int dimension : shape) {
            bytes.putInt(dimension);
        }
        return bytes;
    }

    private static int index(Digest digest, Map<Digest, Integer> indices) {
        Integer known = indices.putIfAbsent(digest, indices.size());
        return known == null ? indices.size() - 1 : known;
    }

    /** Returns a row for each part of the log: its place among the digests, and the number of its items. */
    private Tensor partsTensor(Map<Digest, Integer> indices) {
        List<int[]> rows = new ArrayList<>();
        parts.forEach(part -> rows.add(new int[] {index(part.checkpoint(), indices), part.items()}));
        if (!items.isEmpty()) {
            rows.add(new int[] {ITSELF, items.size()});
        }
        int[] values = rows.stream().flatMapToInt(Arrays::stream).toArray();
        return new Tensor.I32(new int[] {rows.size(), 2}, values);
    }

    private Held held(String name) {
        return Objects.requireNonNull(held.get(name), name);
    }

    /** Returns the number of checkpoints to which this one refers. */
    int checkpoints() {
        return checkpoints;
    }

    /** Returns the number of items that this checkpoint holds itself. */
    int newItems() {
        return items.size();
    }

    /** Returns the items that it refers to, with their places. */
    Map<Object, Integer> referred() {
        return referred;
    }

    /** Returns the tensors to which the next checkpoint can refer, when this one has been stored as {@code checkpoint}. */
    Map<String, Held> tensorsAt(Digest checkpoint) {
        Map<String, Held> all = new HashMap<>();
        repeated.forEach(name -> all.put(name, held(name)));
        contents.forEach((name, content) -> all.put(name, new Held(content, checkpoint)));
        return all;
    }

    Map<String, Group> groups() {
        return groups;
    }
}
