package io.headwater.task.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Repeatedly merges the most frequent pair of adjacent pieces (Sennrich et al. 2016, "Neural machine translation of
 * rare words with subword units", algorithm 1). Ties are resolved in lexicographic order.
 */
final class PieceMerges {
    /** Prefix of pieces inside a word, in vocabularies that mark them. */
    static final String INNER = "##";

    /** Minimum frequency of a merged pair; a pair that occurs only once is not representative of the language. */
    private static final long FEWEST = 2;

    private final String prefix;
    private final List<List<String>> words = new ArrayList<>();
    private final List<Long> frequencies = new ArrayList<>();
    private final Map<Pair, Long> counts = new HashMap<>();
    private final Map<Pair, Set<Integer>> places = new HashMap<>();
    private final PriorityQueue<Counted> queue =
            new PriorityQueue<>(Comparator.comparing((Counted each) -> -each.count())
                    .thenComparing(each -> each.pair().left())
                    .thenComparing(each -> each.pair().right()));

    /** Two adjacent pieces. */
    private record Pair(String left, String right) {}

    private record Counted(Pair pair, long count) {}

    /** A pair and the piece it is merged to. */
    record Merge(String left, String right, String joined) {}

    /**
     * Starts with words whose pieces are not merged yet.
     *
     * @param counted frequency of each word
     * @param prefix prefix of pieces inside a word; empty if they are not marked
     */
    PieceMerges(Map<List<String>, Long> counted, String prefix) {
        this.prefix = prefix;
        counted.forEach((word, frequency) -> {
            words.add(new ArrayList<>(word));
            frequencies.add(frequency);
        });
        for (int word = 0; word < words.size(); word++) {
            count(word, 1, new HashSet<>());
        }
        counts.forEach((pair, count) -> queue.add(new Counted(pair, count)));
    }

    /** Returns up to {@code most} merges, best first, each of which creates a different piece. */
    List<Merge> best(int most) {
        List<Merge> merges = new ArrayList<>();
        Set<String> made = new LinkedHashSet<>();
        while (merges.size() < most && !queue.isEmpty()) {
            Counted top = queue.poll();
            // The entry is outdated; a pair whose count changes is queued again.
            if (top.count() != counts.getOrDefault(top.pair(), 0L)) {
                continue;
            }
            if (top.count() < FEWEST) {
                break;
            }
            Merge merge = join(top.pair());
            if (made.add(merge.joined())) {
                merges.add(merge);
            }
        }
        return merges;
    }

    private Merge join(Pair pair) {
        String tail = !prefix.isEmpty() && pair.right().startsWith(prefix)
                ? pair.right().substring(prefix.length())
                : pair.right();
        String joined = pair.left() + tail;
        Set<Pair> changed = new HashSet<>();
        for (int word : List.copyOf(places.getOrDefault(pair, Set.of()))) {
            count(word, -1, changed);
            List<String> before = words.get(word);
            List<String> after = new ArrayList<>();
            for (int i = 0; i < before.size(); i++) {
                boolean isHere = i + 1 < before.size()
                        && before.get(i).equals(pair.left())
                        && before.get(i + 1).equals(pair.right());
                after.add(isHere ? joined : before.get(i));
                i += isHere ? 1 : 0;
            }
            words.set(word, after);
            count(word, 1, changed);
        }
        for (Pair each : changed) {
            long count = counts.getOrDefault(each, 0L);
            if (count > 0) {
                queue.add(new Counted(each, count));
            }
        }
        return new Merge(pair.left(), pair.right(), joined);
    }

    /** Adds the pairs of a word to the counts, or subtracts them. */
    private void count(int word, int sign, Set<Pair> changed) {
        List<String> pieces = words.get(word);
        for (int i = 0; i + 1 < pieces.size(); i++) {
            Pair pair = new Pair(pieces.get(i), pieces.get(i + 1));
            counts.merge(pair, sign * frequencies.get(word), Long::sum);
            changed.add(pair);
            Set<Integer> where = places.computeIfAbsent(pair, absent -> new HashSet<>());
            if (sign > 0) {
                where.add(word);
            } else {
                where.remove(word);
            }
        }
    }
}
