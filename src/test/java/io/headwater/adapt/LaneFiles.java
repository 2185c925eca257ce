package io.headwater.adapt;

import static java.util.stream.Collectors.joining;

import io.headwater.adapt.Example.Origin;
import io.headwater.adapt.state.Checkpoints;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Files of small lanes of classes: what they publish, and their checkpoints. */
public final class LaneFiles {
    private LaneFiles() {}

    /** A kind of file. */
    public enum Kind {
        HEAD("head.learns: gradient"),
        GRADIENT_CHECKPOINT("head.learns: gradient"),
        CLOSED_CHECKPOINT("labels: [c0, c1, c2]"),
        HIDDEN_LAYER_CHECKPOINT(
                "head.learns: gradient",
                "head.hidden: 3",
                "training.remember: lwf",
                "training.warm-start: 8",
                "drift.features: means"),
        STORED_LOGITS_CHECKPOINT("head.learns: gradient", "training.remember: der"),
        IMPORTANCE_CHECKPOINT("head.learns: gradient", "training.remember: ewc", "optimiser.updater: sgd"),
        PROVING_CHECKPOINT(
                "promotion.mode: version",
                "drift.detectors: [adwin, ddm, page-hinkley, kswin]",
                "drift.features: mmd",
                "drift.on-drift: suspend"),
        ALIGNED_CHECKPOINT("training.unlabelled: align"),
        SELF_TRAINED_CHECKPOINT("training.unlabelled: self-train");

        private final AdaptationConfig config;

        Kind(String... keys) {
            this.config = AdaptationFile.parse(
                    "lanes",
                    Stream.concat(
                                    Stream.of(
                                            "name: lanes",
                                            "task: text-classification",
                                            "base: minilm",
                                            "training.batch-size: 4",
                                            "replay.capacity: 12",
                                            "replay.per-step: 4",
                                            "guard.samples: 8",
                                            "guard.every: 4"),
                                    Stream.of(keys))
                            .collect(joining("\n", "", "\n")));
        }
    }

    /**
     * Writes a file of a lane that has learned, and published versions; whose stream has changed; of which a class was removed and
     * another one merged; that has learned a late label; and that has seen samples without a label, if it uses them.
     */
    public static byte[] write(Kind kind) {
        LaneLearner learner = LaneStream.untrained(kind.config);
        try (ClosedLane lane = new ClosedLane(kind.config, learner)) {
            lane.learn(requests(LaneStream.samples(1, 48, 3)));
            lane.learn(LaneStream.samples(2, 16, 5));
            learner.mergeLabel("c2", "c1");
            learner.removeLabel("c3", List.of());
            lane.learn(turned(LaneStream.samples(3, 32, 2)));
            if (learner.usesUnlabelled()) {
                LaneStream.samples(4, 12, 3)
                        .forEach(one -> learner.observeUnlabelled(Example.unlabelled(one.view(), one.features())));
            }
            learner.step(LaneStream.samples(5, 3, 2));
            return kind == Kind.HEAD ? learner.artifact().toBytes() : learner.checkpoint();
        }
    }

    private static List<Example> requests(List<Example> samples) {
        List<Example> requests = new ArrayList<>();
        for (Example one : samples) {
            Origin origin = new Origin("request-" + requests.size(), requests.size(), null);
            requests.add(new Example(one.view(), one.label(), one.features(), one.target(), one.next(), origin));
        }
        return requests;
    }

    /** Returns samples whose classes have changed places. */
    private static List<Example> turned(List<Example> samples) {
        return samples.stream()
                .map(one -> LaneStream.example(
                        one.features(), one.target().symbols().get(0).equals("c0") ? "c1" : "c0"))
                .toList();
    }

    /**
     * Reads a file, as predictors, trainers and tools do.
     *
     * @throws io.headwater.domain.ArtifactException if it is no such file
     * @throws io.headwater.config.ConfigurationException if the lane cannot be continued
     */
    public static void read(Kind kind, byte[] file) {
        if (kind == Kind.HEAD) {
            HeadArtifact.fromBytes(file).open(LaneStream.heads(kind.config)).close();
            return;
        }
        Checkpoints.Contents contents = Checkpoints.read(file);
        LaneClasses.read(contents);
        LaneSums.read(contents, LaneStream.BASE, LaneStream.goal(kind.config), LaneStream.heads(kind.config));
        LaneLearner.startedFrom(kind.config, LaneStream.goal(kind.config), LaneStream.heads(kind.config), contents)
                .close();
        LaneLearner.restored(kind.config, LaneStream.goal(kind.config), LaneStream.heads(kind.config), contents)
                .close();
    }
}
