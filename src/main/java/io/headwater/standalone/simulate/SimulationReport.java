package io.headwater.standalone.simulate;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What happened in a simulation.
 *
 * @param scenario name of the scenario
 * @param samples number of samples of the stream
 * @param seed seed of the stream
 * @param accuracy accuracy of the serving version at the end, 0 to 1, on new samples of the current concept
 * @param deepestFall largest difference, 0 to 1, between the best accuracy of a serving version so far and that of a
 *     later one; in a scenario that changes, the change is part of it
 * @param leader name of the leading contender at the end; "gradient" when there is no race
 * @param versions number of versions
 * @param promotions number of versions that began to serve
 * @param suspensions how often promotions were suspended
 * @param rollbacks how often the lane returned to an earlier version
 * @param warnings how often a change of the stream was possible
 * @param drifts how often a change of the stream was detected
 * @param points what was measured, in order
 * @param events what happened, in order
 */
public record SimulationReport(
        String scenario,
        int samples,
        long seed,
        double accuracy,
        double deepestFall,
        String leader,
        int versions,
        int promotions,
        int suspensions,
        int rollbacks,
        int warnings,
        int drifts,
        List<Measured> points,
        List<Event> events) {

    public SimulationReport {
        points = List.copyOf(points);
        events = List.copyOf(events);
    }

    /**
     * The state after a number of samples.
     *
     * @param samples number of samples so far
     * @param accuracy accuracy of the serving version, 0 to 1
     * @param leader name of the leading contender at the newest version; empty before the first one
     * @param serving number of the serving version
     * @param promoted whether a version began to serve with these samples
     * @param contenders how good each contender was on the newest samples, by name
     */
    public record Measured(
            int samples,
            double accuracy,
            String leader,
            long serving,
            boolean promoted,
            SortedMap<String, Double> contenders) {

        public Measured {
            contenders = Collections.unmodifiableSortedMap(new TreeMap<>(contenders));
        }
    }

    /** The kinds of events. */
    public enum EventKind {
        CHANGED("the stream changes"),
        WARNING("warning of a change"),
        DRIFT("change detected"),
        SUSPENDED("promotions suspended"),
        LEADER("another contender leads"),
        ROLLBACK("rolled back"),
        VETOED("contender refused for long"),
        STALLED("not promoted for long");

        private final String text;

        EventKind(String text) {
            this.text = text;
        }

        /** Returns the name of the kind for people. */
        public String text() {
            return text;
        }
    }

    /** Something that happened after a number of samples, with its reason. */
    public record Event(int samples, EventKind kind, String reason) {}
}
