package io.headwater.standalone.simulate;

import io.headwater.adapt.Example;
import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.LaneLearner;
import io.headwater.adapt.PublishedHead;
import io.headwater.adapt.drift.Drift;
import io.headwater.adapt.drift.DriftLevel;
import io.headwater.adapt.judge.Notice;
import io.headwater.adapt.judge.Verdict;
import io.headwater.config.AdaptationConfig;
import io.headwater.domain.Digest;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.domain.Payload;
import io.headwater.domain.VersionRef;
import io.headwater.engine.Heads;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.standalone.simulate.SimulatedStream.Draw;
import io.headwater.standalone.simulate.SimulationReport.Event;
import io.headwater.standalone.simulate.SimulationReport.EventKind;
import io.headwater.standalone.simulate.SimulationReport.Measured;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.PayloadView;
import io.headwater.task.Target;
import io.headwater.task.goal.ClassGoal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a stream through a lane as a trainer does, with a version after a fixed number of steps. The result depends on
 * the arguments only, not on the load of the machine.
 */
public final class Simulation implements AutoCloseable {
    private static final int STEPS_PER_VERSION = 10;
    private static final int STEPS_PER_POINT = 10;
    private static final Lane LANE = new Lane("simulation", "stream");
    private static final Digest NO_DIGEST = Digest.of("features".getBytes(StandardCharsets.UTF_8));
    private static final PayloadView NO_PAYLOAD = PayloadView.of(new Payload.Text("features"));
    private static final String NO_RACE = "gradient";

    private final Scenario scenario;
    private final int samples;
    private final long seed;
    private final int batchSize;
    private final SimulatedStream stream;
    private final Goal goal;
    private final Heads heads;
    private final LaneLearner learner;
    private final List<HeadArtifact> versions = new ArrayList<>();
    private final List<Measured> points = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private @Nullable VersionRef serving;
    private int promotions;
    private boolean suspended;
    private String leader = "";

    /**
     * Creates a simulation.
     *
     * @param config an adaptation that predicts classes, from whose base model nothing is read
     * @param samples number of samples, at least 1
     * @param classes number of classes, at least 2
     * @param features number of features of a sample, at least 1
     * @param seed seed of the stream
     */
    public Simulation(AdaptationConfig config, Scenario scenario, int samples, int classes, int features, long seed) {
        this.scenario = scenario;
        this.samples = samples;
        this.seed = seed;
        batchSize = config.training().batchSize();
        stream = new SimulatedStream(scenario, samples, classes, features, seed);
        goal = new ClassGoal(List.of(), config.training().labelSmoothing());
        heads = GraphHeads.of(config, features);
        learner = LaneLearner.untrained(config, goal, NO_DIGEST, heads);
    }

    /**
     * Runs the whole stream.
     *
     * @param view receives what was measured after each version
     */
    public SimulationReport run(Consumer<Measured> view) {
        List<Example> pending = new ArrayList<>();
        int steps = 0;
        for (int i = 0; i < samples; i++) {
            if (stream.changesWith(i)) {
                events.add(new Event(i + 1, EventKind.CHANGED, "sample " + (i + 1) + " is the first one after it"));
            }
            Example example = example(stream.sample(i));
            learner.admit(example);
            pending.add(example);
            boolean isLast = i == samples - 1;
            if (isLast || pending.size() == batchSize) {
                learner.step(pending);
                pending.clear();
                steps++;
                report(i + 1);
            }
            if (isLast || steps == STEPS_PER_VERSION) {
                steps = 0;
                boolean promoted = publish(i + 1);
                view.accept(measure(i + 1, promoted));
            } else if (pending.isEmpty() && steps % STEPS_PER_POINT == 0) {
                measure(i + 1, false);
            }
        }
        return report();
    }

    private static Example example(Draw draw) {
        return new Example(NO_PAYLOAD, new ClassLabel(draw.name()), draw.features(), Target.of(List.of(draw.name())));
    }

    /** Adds what the lane reports. */
    private void report(int count) {
        for (Drift drift : learner.takeDrifts()) {
            String reason = String.format(
                    Locale.ROOT,
                    "%s of %s is %.2f with a threshold of %.2f",
                    drift.detector(),
                    drift.signal(),
                    drift.statistic(),
                    drift.threshold());
            EventKind kind = drift.level() == DriftLevel.DRIFT ? EventKind.DRIFT : EventKind.WARNING;
            events.add(new Event(count, kind, reason));
        }
        for (Notice notice : learner.takeNotices()) {
            events.add(new Event(count, EventKind.valueOf(notice.kind().name()), notice.text()));
        }
    }

    private boolean publish(int count) {
        HeadArtifact head = learner.artifact();
        versions.add(head);
        Verdict verdict = learner.promoteIfBetter(head, false, serving);
        VersionRef published = new VersionRef(LANE, versions.size(), NO_DIGEST, NO_DIGEST);
        if (verdict.servesPublished()) {
            serving = published;
        } else {
            serving = verdict.earlier() == null ? serving : verdict.earlier();
            learner.consider(published, () -> head);
        }
        if (verdict.promoted()) {
            promotions++;
        } else if (verdict.isRollback()) {
            events.add(new Event(count, EventKind.ROLLBACK, verdict.reason()));
        } else if (!suspended) {
            events.add(new Event(count, EventKind.SUSPENDED, verdict.reason()));
        }
        suspended = !verdict.promoted();
        String leads = learner.leader().orElse(NO_RACE);
        if (!leader.isEmpty() && !leader.equals(leads)) {
            events.add(new Event(count, EventKind.LEADER, "'" + leads + "' leads after '" + leader + "'"));
        }
        leader = leads;
        return verdict.promoted();
    }

    private Measured measure(int count, boolean promoted) {
        long number = serving == null ? 0 : serving.number();
        Measured point = new Measured(count, accuracy(count, number), leader, number, promoted, learner.contenders());
        points.add(point);
        return point;
    }

    private double accuracy(int count, long serves) {
        if (serves == 0) {
            return 0;
        }
        Draw[] draws = stream.judged(count);
        try (PublishedHead head = PublishedHead.open(versions.get((int) serves - 1), heads)) {
            List<Answer> answers = head.predictions(
                    goal, Arrays.stream(draws).map(Draw::features).toArray(float[][]::new));
            int right = 0;
            for (int i = 0; i < draws.length; i++) {
                right += answers.get(i).label(NO_PAYLOAD).equals(new ClassLabel(draws[i].name())) ? 1 : 0;
            }
            return (double) right / draws.length;
        }
    }

    private SimulationReport report() {
        double best = 0;
        double fall = 0;
        for (Measured point : points) {
            best = Math.max(best, point.accuracy());
            fall = Math.max(fall, best - point.accuracy());
        }
        Measured end = points.get(points.size() - 1);
        return new SimulationReport(
                scenario.name(),
                samples,
                seed,
                end.accuracy(),
                fall,
                leader,
                versions.size(),
                promotions,
                count(EventKind.SUSPENDED),
                count(EventKind.ROLLBACK),
                count(EventKind.WARNING),
                count(EventKind.DRIFT),
                points,
                events);
    }

    private int count(EventKind kind) {
        return (int) events.stream().filter(event -> event.kind() == kind).count();
    }

    @Override
    public void close() {
        learner.close();
    }
}
