package io.headwater.standalone;

import io.headwater.domain.Evaluation;
import io.headwater.domain.Evaluation.Kind;
import java.util.Map.Entry;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what the lanes of the demo decide during an act. Safe for use by several threads. */
final class DemoTally {
    private static final String CONTENDER = "contender.";

    private final SortedMap<String, Double> contenders = new TreeMap<>();
    private int versions;
    private int drifts;
    private int refused;
    private int rollbacks;

    synchronized void published() {
        versions++;
    }

    synchronized void drifted() {
        drifts++;
    }

    synchronized void evaluated(Evaluation evaluation) {
        refused += evaluation.kind() == Kind.REJECTED ? 1 : 0;
        rollbacks += evaluation.kind() == Kind.ROLLED_BACK ? 1 : 0;
        if (evaluation.kind() == Kind.PREQUENTIAL) {
            contenders.clear();
            evaluation.metrics().forEach((name, quality) -> {
                if (name.startsWith(CONTENDER)) {
                    contenders.put(name.substring(CONTENDER.length()), quality);
                }
            });
        }
    }

    synchronized int versions() {
        return versions;
    }

    synchronized int drifts() {
        return drifts;
    }

    synchronized int refused() {
        return refused;
    }

    synchronized int rollbacks() {
        return rollbacks;
    }

    /** Returns the quality of each contender on the newest samples. */
    synchronized SortedMap<String, Double> contenders() {
        return new TreeMap<>(contenders);
    }

    /** Returns the contender of the highest quality; empty when there is none. */
    synchronized String best() {
        return contenders.entrySet().stream()
                .max(Entry.comparingByValue())
                .map(Entry::getKey)
                .orElse("");
    }
}
