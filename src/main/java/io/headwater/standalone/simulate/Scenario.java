package io.headwater.standalone.simulate;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a simulated stream changes over time. Times are fractions of the stream, 0 at its begin and 1 at its end. */
public sealed interface Scenario {
    /** All scenarios at their usual settings, by name. */
    Map<String, Scenario> BY_NAME = byName(List.of(
            new Stationary(),
            new Abrupt(0.5),
            new Gradual(0.35, 0.65),
            new Recurring(4),
            new Blip(0.5, 0.52),
            new NoiseBurst(0.5, 0.6, 0.8),
            new SortedByClass(),
            new Imbalance(0.95),
            new ClassIncremental(2),
            new GrowingClasses(0.8),
            new Poisoned(0.5, 0.6, 0.7)));

    /** Returns the name by which a user chooses it. */
    String name();

    /**
     * Returns what the stream is like.
     *
     * @param time 0 to below 1
     * @param classes number of classes, at least 2
     */
    StreamMoment at(double time, int classes);

    private static Map<String, Scenario> byName(List<Scenario> scenarios) {
        Map<String, Scenario> byName = new LinkedHashMap<>();
        scenarios.forEach(one -> byName.put(one.name(), one));
        return Collections.unmodifiableMap(byName);
    }

    private static double[] range(int from, int to, int classes) {
        double[] proportions = new double[classes];
        Arrays.fill(proportions, from, to, 1.0 / (to - from));
        return proportions;
    }

    private static StreamMoment uniform(int classes) {
        double[] all = range(0, classes, classes);
        return StreamMoment.of(all, all);
    }

    private static boolean within(double time, double from, double to) {
        return time >= from && time < to;
    }

    /** A stream that does not change. */
    record Stationary() implements Scenario {
        @Override
        public String name() {
            return "stationary";
        }

        @Override
        public StreamMoment at(double time, int classes) {
            return uniform(classes);
        }
    }

    /** From one sample to the next, each class has the features of another one. */
    record Abrupt(double from) implements Scenario {
        @Override
        public String name() {
            return "abrupt";
        }

        @Override
        public StreamMoment at(double time, int classes) {
            return uniform(classes).withTurned(time >= from ? 1 : 0, time >= from);
        }
    }

    /** Samples of the second concept become more frequent, until there are no others. */
    record Gradual(double from, double to) implements Scenario {
        @Override
        public String name() {
            return "gradual";
        }

        @Override
        public StreamMoment at(double time, int classes) {
            double turned = Math.min(1, Math.max(0, (time - from) / (to - from)));
            return uniform(classes).withTurned(turned, turned >= 0.5);
        }
    }

    /** Two concepts alternate. */
    record Recurring(int stretches) implements Scenario {
        @Override
        public String name() {
            return "recurring";
        }

        @Override
        public StreamMoment at(double time, int classes) {
            boolean second = (int) (time * stretches) % 2 == 1;
            return uniform(classes).withTurned(second ? 1 : 0, second);
        }
    }

    /** A short stretch of the second concept, which a lane should not follow: versions are judged by the first. */
    record Blip(double from, double to) implements Scenario {
        @Override
        public String name() {
            return "blip";
        }

        @Override
        public StreamMoment at(double time, int classes) {
            return uniform(classes).withTurned(within(time, from, to) ? 1 : 0, false);
        }
    }

    /** For a while, a share of the labels is random. */
    record NoiseBurst(double from, double to, double share) implements Scenario {
        @Override
        public String name() {
            return "noise-burst";
        }

        @Override
        public StreamMoment at(double time, int classes) {
            return uniform(classes).withRandom(within(time, from, to) ? share : 0);
        }
    }

    /** One class after the other; versions are judged by the classes so far. */
    record SortedByClass() implements Scenario {
        @Override
        public String name() {
            return "sorted";
        }

        @Override
        public StreamMoment at(double time, int classes) {
            int newest = (int) (time * classes);
            return StreamMoment.of(range(newest, newest + 1, classes), range(0, newest + 1, classes));
        }
    }

    /** The first class has this share of the samples. */
    record Imbalance(double share) implements Scenario {
        @Override
        public String name() {
            return "imbalance";
        }

        @Override
        public StreamMoment at(double time, int classes) {
            double[] proportions = new double[classes];
            Arrays.fill(proportions, (1 - share) / (classes - 1));
            proportions[0] = share;
            return StreamMoment.of(proportions, proportions);
        }
    }

    /** Groups of new classes, each without samples of earlier ones; versions are judged by the classes so far. */
    record ClassIncremental(int groupSize) implements Scenario {
        @Override
        public String name() {
            return "class-incremental";
        }

        @Override
        public StreamMoment at(double time, int classes) {
            int groups = (classes + groupSize - 1) / groupSize;
            int from = (int) (time * groups) * groupSize;
            int to = Math.min(classes, from + groupSize);
            return StreamMoment.of(range(from, to, classes), range(0, to, classes));
        }
    }

    /** Classes are added at equal intervals, up to this time, and the earlier ones go on. */
    record GrowingClasses(double complete) implements Scenario {
        @Override
        public String name() {
            return "growing-classes";
        }

        @Override
        public StreamMoment at(double time, int classes) {
            int known = Math.min(classes, 2 + (int) (time / complete * (classes - 2)));
            double[] proportions = range(0, known, classes);
            return StreamMoment.of(proportions, proportions);
        }
    }

    /** For a while, a producer sends a share of the samples with the label of the next class. */
    record Poisoned(double from, double to, double share) implements Scenario {
        @Override
        public String name() {
            return "poisoned";
        }

        @Override
        public StreamMoment at(double time, int classes) {
            return uniform(classes).withPoisoned(within(time, from, to) ? share : 0);
        }
    }
}
