package io.headwater.adapt;

import java.util.ArrayDeque;

/** The newest samples on which champion and learner were both scored, since the champion took office. */
final class GateWindow {
    private static final int LENGTH = 512;
    private static final int CHAMPION = 1;
    private static final int LEARNER = 2;

    private final ArrayDeque<Integer> outcomes = new ArrayDeque<>();

    static GateWindow restore(int[] outcomes) {
        GateWindow window = new GateWindow();
        for (int outcome : outcomes) {
            window.outcomes.add(outcome);
        }
        return window;
    }

    void add(boolean championRight, boolean learnerRight) {
        if (outcomes.size() == LENGTH) {
            outcomes.removeFirst();
        }
        outcomes.addLast((championRight ? CHAMPION : 0) | (learnerRight ? LEARNER : 0));
    }

    void clear() {
        outcomes.clear();
    }

    Comparison comparison() {
        return new Comparison(outcomes.size(), count(CHAMPION), count(LEARNER));
    }

    int[] outcomes() {
        return outcomes.stream().mapToInt(Integer::intValue).toArray();
    }

    private int count(int who) {
        return (int) outcomes.stream().filter(outcome -> (outcome & who) != 0).count();
    }
}
