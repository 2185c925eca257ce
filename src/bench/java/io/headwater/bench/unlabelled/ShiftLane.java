package io.headwater.bench.unlabelled;

import io.headwater.adapt.Example;
import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.LaneLearner;
import io.headwater.adapt.judge.Verdict;
import io.headwater.bench.learner.FeatureSet.Part;
import io.headwater.bench.learner.HeadScores;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.TaskKind;
import io.headwater.config.TrainingConfig.UnlabelledUse;
import io.headwater.domain.Digest;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.domain.Payload;
import io.headwater.domain.VersionRef;
import io.headwater.engine.Heads;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.task.Goal;
import io.headwater.task.PayloadView;
import io.headwater.task.Target;
import io.headwater.task.goal.ClassGoal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A lane with the defaults of an adaptation file but for the use of samples without a label, and the version that serves it. */
final class ShiftLane implements AutoCloseable {
    private static final Lane LANE = new Lane("unlabelled", "data");
    private static final Digest NO_DIGEST = Digest.of("features".getBytes(StandardCharsets.UTF_8));
    private static final PayloadView NO_PAYLOAD = PayloadView.of(new Payload.Text("features"));

    /** Steps between versions, as in the benchmark of the learner. */
    private static final int STEPS_PER_VERSION = 10;

    private final Heads heads;
    private final List<String> classes;
    private final int batch;
    private final LaneLearner learner;
    private final List<HeadArtifact> versions = new ArrayList<>();
    private @Nullable HeadArtifact champion;
    private @Nullable VersionRef serving;

    /** Creates an untrained lane. */
    ShiftLane(Shift shift) {
        AdaptationConfig config = config(UnlabelledUse.IGNORE);
        heads = GraphHeads.of(config, shift.source().features()[0].length);
        classes = shift.classes();
        batch = config.training().batchSize();
        learner = LaneLearner.untrained(config, goal(config), NO_DIGEST, heads);
    }

    /** Creates a lane that starts from another one. */
    ShiftLane(ShiftLane source, UnlabelledUse use) {
        AdaptationConfig config = config(use);
        heads = source.heads;
        classes = source.classes;
        batch = source.batch;
        learner = LaneLearner.startedFrom(config, goal(config), heads, source.learner.checkpoint());
        champion = source.champion;
        learner.restoreChampion(Objects.requireNonNull(champion, "the source must have learned"));
    }

    private static AdaptationConfig config(UnlabelledUse use) {
        AdaptationConfig usual = AdaptationConfig.of("unlabelled", TaskKind.TEXT_CLASSIFICATION, "minilm");
        return usual.withTraining(usual.training().withUnlabelled(use));
    }

    private static Goal goal(AdaptationConfig config) {
        return new ClassGoal(List.of(), config.training().labelSmoothing());
    }

    /** Learns labelled samples. */
    void learn(Part part, int[] samples) {
        List<Example> pending = new ArrayList<>();
        int steps = 0;
        for (int i = 0; i < samples.length; i++) {
            String name = classes.get(part.labels()[samples[i]]);
            Example example = new Example(
                    NO_PAYLOAD, new ClassLabel(name), part.features()[samples[i]], Target.of(List.of(name)));
            learner.admit(example);
            pending.add(example);
            boolean isLast = i == samples.length - 1;
            if (isLast || pending.size() == batch) {
                learner.step(pending);
                pending.clear();
                steps++;
                if (isLast || steps % STEPS_PER_VERSION == 0) {
                    publish();
                }
            }
        }
    }

    /** Observes samples without their labels, and publishes a version. */
    void observe(Part part, int[] samples) {
        for (int sample : samples) {
            learner.observeUnlabelled(Example.unlabelled(NO_PAYLOAD, part.features()[sample]));
        }
        publish();
    }

    private void publish() {
        HeadArtifact head = learner.artifact();
        versions.add(head);
        Verdict verdict = learner.promoteIfBetter(head, false, serving);
        VersionRef published = new VersionRef(LANE, versions.size(), NO_DIGEST, NO_DIGEST);
        if (verdict.servesPublished()) {
            champion = head;
            serving = published;
            return;
        }
        VersionRef earlier = verdict.earlier();
        if (earlier != null) {
            serving = earlier;
            champion = versions.get((int) earlier.number() - 1);
        }
        learner.consider(published, () -> head);
    }

    /** Returns the accuracy of the version that serves. */
    double accuracy(Part test) {
        return HeadScores.of(Objects.requireNonNull(champion, "no version serves"), heads, classes, test)
                .accuracy();
    }

    @Override
    public void close() {
        learner.close();
    }
}
