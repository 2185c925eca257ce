package io.headwater.bench.transfer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A stratified order of samples: every prefix has the same shares of strata as the whole, so that nested subsets can
 * be taken.
 */
final class Subsets {
    private final List<Integer> order;

    private Subsets(List<Integer> order) {
        this.order = order;
    }

    private record Placed(double at, int sample) {}

    /** Creates the order that is determined by {@code seed}. */
    static Subsets of(TransferData data, long seed) {
        Map<String, List<Integer>> strata = new TreeMap<>();
        for (int i = 0; i < data.size(); i++) {
            strata.computeIfAbsent(data.stratum(i), key -> new ArrayList<>()).add(i);
        }
        Random random = new Random(seed);
        List<Placed> placed = new ArrayList<>();
        for (List<Integer> stratum : strata.values()) {
            Collections.shuffle(stratum, random);
            for (int i = 0; i < stratum.size(); i++) {
                placed.add(new Placed((i + random.nextDouble()) / stratum.size(), stratum.get(i)));
            }
        }
        placed.sort(Comparator.comparingDouble(Placed::at).thenComparingInt(Placed::sample));
        return new Subsets(placed.stream().map(Placed::sample).toList());
    }

    /**
     * Returns the first {@code count} samples, repeated {@code passes} times, each time in a different order.
     *
     * @param seed seed of these orders
     */
    List<Integer> first(int count, int passes, long seed) {
        List<Integer> stream = new ArrayList<>(order.subList(0, count));
        Random random = new Random(seed);
        for (int pass = 1; pass < passes; pass++) {
            List<Integer> again = new ArrayList<>(order.subList(0, count));
            Collections.shuffle(again, random);
            stream.addAll(again);
        }
        return stream;
    }

    /** Returns the last {@code count} samples. */
    List<Integer> last(int count) {
        return order.subList(order.size() - count, order.size());
    }
}
