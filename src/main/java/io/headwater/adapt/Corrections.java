package io.headwater.adapt;

import io.headwater.adapt.Example.Origin;
import io.headwater.adapt.memory.LearnedRequests;
import io.headwater.adapt.memory.LearnedRequests.Learned;
import io.headwater.domain.Digest;
import io.headwater.task.Target;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The samples of a step, some of which may correct labels of others. A request counts once in the scores, with its first
 * label: what has learned from a sample is not tested by it. A sample that is corrected in the same step is neither scored
 * nor learned.
 *
 * @param tested samples to score and to learn, none of which the lane has learned with another label
 * @param untested samples to learn alone, in the place of those that are taken out
 * @param wrong samples that the lane has learned, to take out before
 * @param offsets offsets of all samples that are corrected
 */
record Corrections(List<Example> tested, List<Example> untested, List<Wrong> wrong, List<Long> offsets) {

    /**
     * A sample that the lane has learned with a wrong label.
     *
     * @param example the sample with this label
     * @param key its key among the learned requests
     * @param learned what is known of it
     */
    record Wrong(Example example, long key, Learned learned) {}

    /** Divides the samples of a step, in their order. */
    static Corrections of(List<Example> given, LearnedRequests requests) {
        if (given.stream().allMatch(one -> one.origin() == null)) {
            return new Corrections(given, List.of(), List.of(), List.of());
        }
        Map<Long, Wrong> wrong = new LinkedHashMap<>();
        List<Long> offsets = new ArrayList<>();
        Map<Long, Integer> standing = new HashMap<>();
        BitSet dropped = new BitSet();
        BitSet untested = new BitSet();
        for (int i = 0; i < given.size(); i++) {
            Example example = given.get(i);
            Origin origin = example.origin();
            if (origin == null) {
                continue;
            }
            Target before = origin.corrects();
            if (before != null) {
                long key = key(origin, example.features(), before);
                Integer same = standing.remove(key);
                Learned learned = requests.get(key);
                if (same != null) {
                    dropped.set(same);
                    untested.set(i, untested.get(same));
                    given.get(same).offset().ifPresent(offsets::add);
                } else if (learned != null && !wrong.containsKey(key)) {
                    wrong.put(key, new Wrong(example.with(before), key, learned));
                    untested.set(i);
                    offsets.add(learned.offset());
                }
            }
            standing.put(key(origin, example.features(), example.target()), i);
        }
        List<Example> test = new ArrayList<>();
        List<Example> rest = new ArrayList<>();
        for (int i = dropped.nextClearBit(0); i < given.size(); i = dropped.nextClearBit(i + 1)) {
            (untested.get(i) ? rest : test).add(given.get(i));
        }
        return new Corrections(test, rest, List.copyOf(wrong.values()), offsets);
    }

    /** Returns the samples to learn, the tested ones first: their numbers in the lane follow this order. */
    List<Example> learned() {
        return untested.isEmpty()
                ? tested
                : Stream.concat(tested.stream(), untested.stream()).toList();
    }

    /**
     * Returns the key of a label: 64 bits of the SHA-256 of the request's id, the features of its payload and the target as it
     * was sent. What was learned is so only taken out as it was learned.
     */
    static long key(Origin origin, float[] features, Target target) {
        List<byte[]> texts = Stream.concat(Stream.of(origin.id()), target.symbols().stream())
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        int size = texts.stream().mapToInt(text -> Integer.BYTES + text.length).sum();
        ByteBuffer bytes =
                ByteBuffer.allocate(Integer.BYTES + size + Float.BYTES * (features.length + target.numbers().length));
        bytes.putInt(features.length);
        for (byte[] text : texts) {
            bytes.putInt(text.length).put(text);
        }
        for (float value : features) {
            bytes.putFloat(value);
        }
        for (float value : target.numbers()) {
            bytes.putFloat(value);
        }
        return Long.parseUnsignedLong(Digest.of(bytes.array()).hex(), 0, Long.BYTES * 2, 16);
    }
}
