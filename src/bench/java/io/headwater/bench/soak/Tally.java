package io.headwater.bench.soak;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Numbers by what they count. */
final class Tally {
    private final Map<Count, Long> numbers = new EnumMap<>(Count.class);

    void add(Count what, long number) {
        numbers.merge(what, number, Long::sum);
    }

    long of(Count what) {
        return numbers.getOrDefault(what, 0L);
    }

    /** Adds {@code sign} times what {@code other} counts. */
    Tally plus(Tally other, int sign) {
        Tally sum = new Tally();
        for (Count what : Count.values()) {
            sum.add(what, of(what) + sign * other.of(what));
        }
        return sum;
    }

    /** Returns what should be zero and is not. */
    Map<Count, Long> faults() {
        Map<Count, Long> faults = new EnumMap<>(numbers);
        faults.entrySet().removeIf(one -> !one.getKey().isFault() || one.getValue() == 0);
        return Collections.unmodifiableMap(faults);
    }

    Map<String, Object> report() {
        Map<String, Object> report = new LinkedHashMap<>();
        for (Count what : Count.values()) {
            report.put(what.key(), of(what));
        }
        return report;
    }
}
