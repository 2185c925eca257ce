package io.headwater.adapt.conformal;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.UncertaintyConfig;
import io.headwater.domain.Thresholds;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The thresholds of a lane's prediction sets and intervals. They belong to the lane, not to a version: while a version
 * serves for long, its errors may change with the stream, and its thresholds with them. They are therefore announced with
 * the version that serves, not stored in its head, whose bytes depend on what was learned only. Not thread-safe.
 */
public final class LaneThresholds {
    private static final String COVERAGE = "coverage";
    private static final String COUNT = "count";

    private final double coverage;

    /** One for each threshold of the goal; empty when there are no sets and intervals. */
    private final List<AdaptiveThreshold> thresholds;

    private int scored;
    private int covered;

    private LaneThresholds(double coverage, List<AdaptiveThreshold> thresholds) {
        this.coverage = coverage;
        this.thresholds = thresholds;
    }

    /** Starts without scores. */
    public static LaneThresholds none(UncertaintyConfig config, Goal goal) {
        List<AdaptiveThreshold> thresholds = new ArrayList<>();
        int count = config.coverage() > 0 ? goal.thresholds() : 0;
        for (int i = 0; i < count; i++) {
            thresholds.add(new AdaptiveThreshold(config.coverage()));
        }
        return new LaneThresholds(config.coverage(), thresholds);
    }

    /**
     * Adds the true outcomes of samples that were not used for training yet.
     *
     * @param answers answers of the version that serves or, before there is one, of the head in training; may be empty
     * @param expected the target of each sample
     */
    public void observe(List<Answer> answers, List<Target> expected) {
        if (thresholds.isEmpty()) {
            return;
        }
        for (int i = 0; i < answers.size(); i++) {
            double[] scores = answers.get(i).nonconformity(expected.get(i));
            for (int j = 0; j < scores.length; j++) {
                AdaptiveThreshold threshold = thresholds.get(j % thresholds.size());
                if (threshold.isPublished()) {
                    scored++;
                    covered += threshold.covers(scores[j]) ? 1 : 0;
                }
                threshold.observe(scores[j]);
            }
        }
    }

    /**
     * Returns the fraction of outcomes since the last call that the published thresholds covered; empty when there were
     * none. It is taken before each checkpoint, and is not part of it.
     */
    public OptionalDouble takeCoverage() {
        OptionalDouble taken = scored == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) covered / scored);
        scored = 0;
        covered = 0;
        return taken;
    }

    /** Returns whether thresholds should be published before the next version. */
    public boolean areDue() {
        return thresholds.stream().anyMatch(AdaptiveThreshold::isDue);
    }

    /** Publishes thresholds, which {@link #published} returns until the next call. */
    public void publish() {
        thresholds.forEach(AdaptiveThreshold::publish);
    }

    /** Returns the thresholds that were published last; empty as long as too few samples were scored. */
    public Optional<Thresholds> published() {
        List<Double> values =
                thresholds.stream().map(AdaptiveThreshold::published).toList();
        return values.isEmpty() || !thresholds.stream().allMatch(AdaptiveThreshold::isPublished)
                ? Optional.empty()
                : Optional.of(new Thresholds(coverage, values));
    }

    /** Writes the state. */
    public void write(SectionWriter section) {
        section.value(COVERAGE, coverage);
        section.value(COUNT, thresholds.size());
        for (int i = 0; i < thresholds.size(); i++) {
            thresholds.get(i).write(section.section(String.valueOf(i)));
        }
    }

    /**
     * Continues from the state in {@code section}. When another coverage is configured than before, only the scores are
     * kept; when there were no thresholds before, it starts without scores.
     */
    public static LaneThresholds read(UncertaintyConfig config, Goal goal, SectionReader section) {
        LaneThresholds none = none(config, goal);
        double before = section.value(COVERAGE, Double::valueOf);
        if (section.value(COUNT, Integer::valueOf) != none.thresholds.size()) {
            return none;
        }
        List<AdaptiveThreshold> read = new ArrayList<>();
        for (int i = 0; i < none.thresholds.size(); i++) {
            AdaptiveThreshold one = AdaptiveThreshold.read(before, section.section(String.valueOf(i)));
            read.add(before == config.coverage() ? one : one.of(config.coverage()));
        }
        return new LaneThresholds(config.coverage(), read);
    }
}
