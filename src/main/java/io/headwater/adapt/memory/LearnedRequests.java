package io.headwater.adapt.memory;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.domain.ArtifactException;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which labels of requests a lane has learned lately, so that a correction takes out what was learned, and nothing else.
 * A label is known by a key of the request, its features and the label. The newest {@value #CAPACITY} are known, so that
 * neither memory nor checkpoints grow with the stream; of the oldest, up to {@value #CHUNK} may be missing. Not
 * thread-safe.
 */
public final class LearnedRequests {
    /** The most labels that are known. */
    static final int CAPACITY = 16_384;

    /** Number of labels that are stored, shared among checkpoints and dropped together. */
    private static final int CHUNK = 1024;

    private static final int FIELDS = 4;
    private static final int ENTRY_BYTES = 128;
    private static final String CHUNKS = "requests";
    private static final String PLACES = "requestPlaces";

    private final Map<Long, Learned> byKey = new LinkedHashMap<>();

    /** Number of labels that were added so far. */
    private long places;

    LearnedRequests() {}

    /**
     * A label that the lane has learned.
     *
     * @param number number of its sample in the lane, from 1
     * @param offset offset of its sample on the samples topic
     * @param place how many labels were added before it
     */
    public record Learned(long number, long offset, long place) {}

    /** Reads what {@link #write} wrote; nothing when the checkpoint is of a lane that has learned no request. */
    static LearnedRequests read(SectionReader section) {
        LearnedRequests read = new LearnedRequests();
        if (!section.hasSection(CHUNKS)) {
            return read;
        }
        read.places = section.section(CHUNKS).value(PLACES, Long::valueOf);
        List<Map.Entry<Long, Learned>> all = new ArrayList<>();
        for (Map.Entry<String, Tensor> chunk : section.anyTensors(CHUNKS).entrySet()) {
            all.addAll(chunk(section, chunk.getKey(), chunk.getValue()));
        }
        all.sort(Comparator.comparingLong(one -> one.getValue().place()));
        all.forEach(one -> read.byKey.put(one.getKey(), one.getValue()));
        read.dropOldest();
        return read;
    }

    private static List<Map.Entry<Long, Learned>> chunk(SectionReader section, String name, Tensor tensor) {
        if (!(tensor instanceof Tensor.I64 longs)
                || longs.values().length % FIELDS != 0
                || longs.values().length > CHUNK * FIELDS) {
            throw new ArtifactException(
                    "tensor '%s/%s/%s' of a checkpoint must hold up to %d rows of %d 64-bit integers, but does not"
                            .formatted(section.name(), CHUNKS, name, CHUNK, FIELDS));
        }
        List<Map.Entry<Long, Learned>> entries = new ArrayList<>();
        long[] values = longs.values();
        for (int i = 0; i < values.length; i += FIELDS) {
            entries.add(Map.entry(values[i], new Learned(values[i + 1], values[i + 2], values[i + 3])));
        }
        return entries;
    }

    /** Writes the labels; nothing when none was ever added. Chunks that have not changed are shared with earlier checkpoints. */
    void write(SectionWriter section) {
        if (places == 0) {
            return;
        }
        section.section(CHUNKS).value(PLACES, places);
        Map<Long, List<long[]>> chunks = new TreeMap<>();
        byKey.forEach((key, one) -> chunks.computeIfAbsent(one.place() / CHUNK, number -> new ArrayList<>())
                .add(new long[] {key, one.number(), one.offset(), one.place()}));
        chunks.forEach((number, rows) -> section.section(CHUNKS)
                .longs(
                        Long.toString(number),
                        rows.stream().flatMapToLong(Arrays::stream).toArray()));
    }

    /** Notes that the lane learns a label. */
    public void add(long key, long number, long offset) {
        byKey.remove(key);
        byKey.put(key, new Learned(number, offset, places++));
        dropOldest();
    }

    private void dropOldest() {
        long first = (places - 1) / CHUNK - CAPACITY / CHUNK + 1;
        Iterator<Learned> oldest = byKey.values().iterator();
        while (oldest.hasNext() && oldest.next().place() / CHUNK < first) {
            oldest.remove();
        }
    }

    /** Returns what is known of a label; null when it is not known that the lane contains it. */
    public @Nullable Learned get(long key) {
        return byKey.get(key);
    }

    /** Notes that the lane does not contain a label any more, and returns it; empty when it was not known. */
    public Optional<Learned> take(long key) {
        return Optional.ofNullable(byKey.remove(key));
    }

    /** Forgets the labels of samples with a smaller number. */
    void forgetBefore(long number) {
        byKey.values().removeIf(one -> one.number() < number);
    }

    /** Forgets all labels, because it is not known any more as what they were learned. */
    void clear() {
        byKey.clear();
    }

    /** Returns about how many bytes of memory they take. */
    public long bytes() {
        return (long) byKey.size() * ENTRY_BYTES;
    }
}
