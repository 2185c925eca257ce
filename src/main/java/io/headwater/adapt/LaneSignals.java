package io.headwater.adapt;

import io.headwater.adapt.drift.ChangePoint;
import io.headwater.adapt.drift.Drift;
import io.headwater.adapt.drift.DriftLevel;
import io.headwater.adapt.drift.DriftMonitor;
import io.headwater.adapt.judge.Change;
import io.headwater.adapt.judge.ErrorRise;
import io.headwater.adapt.judge.Notice;
import io.headwater.adapt.judge.StallWatch;
import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.DriftConfig;
import io.headwater.config.DriftConfig.Response;
import io.headwater.engine.Heads;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * What a lane notices: changes of its stream, about which it tells the contender and, as configured, the champion; and that
 * it does not promote what is better. Changes that alter what is learned are detected from the features and from the errors
 * of the newest weights, which the checkpoint and the samples determine, so that a version can be rebuilt from its parent
 * whichever version served. Not thread-safe.
 */
final class LaneSignals {
    /** The name of the lane's own test in events. */
    private static final String ERROR_RISE = "error-rise";

    /** Number of the newest samples that come after a change which the lane's own test detects. */
    private static final long SINCE_CHANGE = 32;

    private static final String ERRORS = "errors";
    private static final String DRIFT = "drift";
    private static final String STALL = "stall";

    private final DriftConfig config;
    private final ErrorRise errors;
    private final DriftMonitor monitor;
    private final StallWatch stall;
    private final List<Drift> drifts = new ArrayList<>();

    private LaneSignals(DriftConfig config, ErrorRise errors, DriftMonitor monitor, StallWatch stall) {
        this.config = config;
        this.errors = errors;
        this.monitor = monitor;
        this.stall = stall;
    }

    /** Creates the signals of a lane without samples. */
    static LaneSignals none(AdaptationConfig config, Heads heads) {
        return new LaneSignals(
                config.drift(),
                ErrorRise.of(Drift.LEARNER_ERROR),
                DriftMonitor.create(config.drift(), heads.inputs()),
                new StallWatch(config.promotion().stalledAfter()));
    }

    /** Reads what {@link #write} wrote. A checkpoint from before there were signals has none. */
    static LaneSignals read(AdaptationConfig config, Heads heads, SectionReader section) {
        LaneSignals none = none(config, heads);
        return new LaneSignals(
                config.drift(),
                section.hasSection(ERRORS) ? ErrorRise.read(Drift.LEARNER_ERROR, section.section(ERRORS)) : none.errors,
                section.hasSection(DRIFT)
                        ? DriftMonitor.read(config.drift(), heads.inputs(), section.section(DRIFT))
                        : none.monitor,
                section.hasSection(STALL)
                        ? StallWatch.read(config.promotion().stalledAfter(), section.section(STALL))
                        : none.stall);
    }

    /** Writes the state. */
    void write(SectionWriter section) {
        errors.write(section.section(ERRORS));
        monitor.write(section.section(DRIFT));
        stall.write(section.section(STALL));
    }

    /**
     * Observes samples before they are used for training.
     *
     * @param expected their targets
     * @param scores the scores of the predictions for them
     * @param memory memory of the lane, which does not have the samples yet
     * @param contender is told about changes
     * @param champion is told to suspend promotions
     */
    void observe(
            List<Example> batch,
            List<Target> expected,
            List<SampleScores> scores,
            LaneMemory memory,
            Contender contender,
            Champion champion) {
        long last = memory.samples() + batch.size();
        for (int i = 0; i < batch.size(); i++) {
            SampleScores one = scores.get(i);
            int stratum = memory.stratum(expected.get(i));
            double error = Double.NaN;
            if (one.challenger() != null) {
                error = Math.min(1, Math.max(0, 1 - one.challengerScore()));
                errors.observe(error, stratum).ifPresent(change -> {
                    long from = Math.max(1, last - SINCE_CHANGE + 1);
                    add(change, from);
                    contender.streamChanged(new ChangePoint(from, true));
                });
            }
            long number = memory.samples() + i + 1;
            for (Drift drift : monitor.add(number, error, batch.get(i).features(), Math.max(0, stratum))) {
                drifts.add(drift);
                respond(drift, contender, champion);
            }
        }
    }

    /** Compares the newest weights with the version that serves. */
    void compare(List<SampleScores> scores, String scoreName) {
        for (SampleScores one : scores) {
            if (one.champion() != null && one.challenger() != null) {
                stall.add(one.challengerScore(), one.championScore(), scoreName);
            }
        }
    }

    private void respond(Drift drift, Contender contender, Champion champion) {
        boolean certain = drift.level() == DriftLevel.DRIFT;
        Response response = certain ? config.onDrift() : config.onWarning();
        if (response != Response.REPORT) {
            contender.streamChanged(new ChangePoint(drift.from(), certain));
        }
        if (response == Response.SUSPEND) {
            champion.suspend();
            if (certain) {
                contender.replayFrom(drift.from());
            }
        }
    }

    /** Adds changes that were detected in the errors of the champion. */
    void add(List<Change> changes, LaneMemory memory) {
        changes.forEach(change -> add(change, Math.max(1, memory.samples() - SINCE_CHANGE + 1)));
    }

    private void add(Change change, long from) {
        drifts.add(
                new Drift(ERROR_RISE, change.signal(), DriftLevel.DRIFT, change.evidence(), change.threshold(), from));
    }

    /** Begins to compare anew, because another version serves. */
    void promoted() {
        stall.promoted();
    }

    List<Drift> takeDrifts() {
        List<Drift> taken = List.copyOf(drifts);
        drifts.clear();
        return taken;
    }

    List<Notice> takeNotices() {
        return stall.take();
    }
}
