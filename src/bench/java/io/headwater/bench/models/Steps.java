package io.headwater.bench.models;

import io.headwater.bench.Bench;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Which steps a model passed, and why it did not pass the others. */
final class Steps {
    static final String PASSED = "passed";
    static final String NOT_TRIED = "not tried";

    private final String model;
    private final Map<Step, String> results = new EnumMap<>(Step.class);

    Steps(String model) {
        this.model = model;
    }

    /** What is done with a model, in this order. */
    enum Step {
        /** It is inspected, and a manifest is drafted. */
        INSPECT,
        /** It is added to the models folder with that manifest. */
        ADD,
        /** The features of inputs are computed. */
        FEATURES,
        /** It is adapted with everything below the cut frozen. */
        ADAPT,
        /** It is adapted with its top block unfrozen. */
        FINE_TUNE,
        /** The champion is exported. */
        EXPORT,
        /** The exported file gives the probabilities that Headwater gives. */
        EQUAL_OUTPUTS;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** What a step does. */
    @FunctionalInterface
    interface Body {
        /** @throws Exception when the step fails */
        void run() throws Exception;
    }

    /** Runs a step and returns whether it passed. */
    boolean pass(Step step, Body body) {
        try {
            body.run();
            results.put(step, PASSED);
            return true;
        } catch (Exception e) {
            Bench.say("%s %s: %s", model, step.label(), e);
            results.put(step, Told.of(e));
            return false;
        }
    }

    /** Records that a step failed. */
    void fail(Step step, Exception cause) {
        results.put(step, Told.of(cause));
    }

    /** Records that a step passed because another one needs it. */
    void implied(Step step) {
        results.putIfAbsent(step, PASSED);
    }

    /** Returns the result of a step: {@link #PASSED}, the cause of its failure, or {@link #NOT_TRIED}. */
    String result(Step step) {
        return results.getOrDefault(step, NOT_TRIED);
    }

    /** Returns the results by the labels of the steps. */
    Map<String, String> report() {
        Map<String, String> report = new LinkedHashMap<>();
        for (Step step : Step.values()) {
            report.put(step.label(), result(step));
        }
        return report;
    }
}
