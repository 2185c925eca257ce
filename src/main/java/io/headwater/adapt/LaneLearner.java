package io.headwater.adapt;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.ConfigurationException;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.domain.Digest;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.Heads;
import io.headwater.engine.SplitMix64;
import io.headwater.engine.dense.HeadGrowth;
import io.headwater.engine.dense.HeadTraining;
import io.headwater.task.Bootstrap;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The mutable state of one lane: the head in training, the champion beside it, and what both are judged and taught with.
 * A pure function of the samples and of how they are cut into steps. Not safe for use by several threads.
 */
public final class LaneLearner implements AutoCloseable {
    private final AdaptationConfig config;
    private final Goal goal;
    private final Digest baseModel;
    private final Heads heads;
    private final OutputNames labels;
    private final @Nullable TargetNetwork network;
    private final ReplayBuffer replay;
    private final List<StoredSample> anchors;
    private final boolean started;
    private final GateWindow window;
    private double anchorReference;
    private int[] counts;
    private long samples;
    private long steps;
    private @Nullable Head head;
    private @Nullable PublishedHead champion;

    private LaneLearner(AdaptationConfig config, Goal goal, Heads heads, LaneCheckpoint from) {
        requireForm(heads, from.form());
        requireUpdater(config, from.head());
        this.config = config;
        this.goal = goal;
        this.heads = heads;
        this.baseModel = from.baseModel();
        this.labels = new OutputNames(from.labels());
        this.network = goal instanceof Bootstrap bootstrap ? new TargetNetwork(bootstrap, heads, from.target()) : null;
        this.replay = ReplayBuffer.restore(config.replay().capacity(), from.replay(), from.replaySeen());
        this.anchors = new ArrayList<>(from.anchors());
        this.started = from.started();
        this.window = GateWindow.restore(from.window());
        this.anchorReference = from.anchorReference();
        this.counts = from.counts();
        this.samples = from.samples();
        this.steps = from.steps();
        this.head = from.head().parameters().isEmpty() ? null : heads.restore(from.head());
    }

    private static void requireForm(Heads heads, String learned) {
        if (!learned.equals(heads.form())) {
            throw ConfigurationException.of(
                    "the head must stay '%s', as which the lane was learned, but is configured as '%s'; give the adaptation a new name"
                            .formatted(learned, heads.form()));
        }
    }

    /** What the optimiser has seen must be of use to the one that is configured now. */
    private static void requireUpdater(AdaptationConfig config, HeadState learned) {
        if (!HeadTraining.of(config).canGoOn(learned)) {
            throw ConfigurationException.of(
                    "optimiser.updater must stay the one with which the lane was learned, whose state is %s, but is %s; give the adaptation a new name"
                            .formatted(
                                    learned.optimiser().keySet(),
                                    config.optimiser().updater().name().toLowerCase(Locale.ROOT)));
        }
    }

    /** A lane that starts untrained. */
    public static LaneLearner untrained(AdaptationConfig config, Goal goal, Digest baseModel, Heads heads) {
        return new LaneLearner(config, goal, heads, LaneCheckpoint.empty(baseModel, heads.form(), goal.names()));
    }

    /**
     * A lane that starts from what another lane learned: its weights, and with an anchor set to hold also its memory.
     *
     * @param checkpoint bytes of the other lane's checkpoint
     * @throws ConfigurationException when the configuration wants a head of another form
     */
    public static LaneLearner startedFrom(AdaptationConfig config, Goal goal, Heads heads, byte[] checkpoint) {
        LaneCheckpoint from = LaneCheckpoint.fromBytes(checkpoint);
        return new LaneLearner(
                config, goal, heads, config.anchor().samples() > 0 ? from.asStart() : from.asStartWithoutMemory());
    }

    /**
     * A lane that goes on where {@link #checkpoint} was taken.
     *
     * @throws ConfigurationException when the configuration wants a head of another form
     */
    public static LaneLearner restored(AdaptationConfig config, Goal goal, Heads heads, byte[] checkpoint) {
        return new LaneLearner(config, goal, heads, LaneCheckpoint.fromBytes(checkpoint));
    }

    /** The base model whose features it learns. */
    public Digest baseModel() {
        return baseModel;
    }

    /** Samples learned since the lane began. */
    public long samples() {
        return samples;
    }

    /** The names of the outputs known so far, in the order of the logits. */
    public List<String> labels() {
        return labels.names();
    }

    /**
     * Takes note of what a coming step will learn; rejected when the sample cannot teach it, or the lane has as many classes
     * as it may.
     */
    public Outcome<Target> admit(Example example) {
        return goal.validate(example.target(), heads.rows(example.features())).then(this::admit);
    }

    private Outcome<Target> admit(Target target) {
        List<String> fresh = target.symbols().stream()
                .filter(symbol -> !symbol.isEmpty() && !labels.contains(symbol))
                .distinct()
                .toList();
        if (!fresh.isEmpty() && labels.size() + fresh.size() > config.limits().classes()) {
            return Outcome.rejected(
                    Reason.BAD_LABEL,
                    "label '%s' would be class %d of the lane, and limits.classes allows %d"
                            .formatted(
                                    fresh.get(0),
                                    labels.size() + 1,
                                    config.limits().classes()));
        }
        fresh.forEach(labels::add);
        return Outcome.ok(target);
    }

    /** Lets {@code artifact} serve from now on; the comparison begins anew. */
    public void promote(HeadArtifact artifact) {
        if (champion != null) {
            champion.close();
        }
        champion = PublishedHead.open(artifact, heads);
        window.clear();
        anchorReference = anchorsComplete() ? Math.max(anchorReference, anchorScore(champion)) : 0;
    }

    /** Brings the champion back after a restart; the comparison goes on. */
    public void restoreChampion(HeadArtifact artifact) {
        champion = PublishedHead.open(artifact, heads);
    }

    /** One step: scores the new samples, then learns from them together with remembered ones. */
    public StepReport step(List<Example> batch) {
        List<Scored> scored = score(batch);
        scored.forEach(one -> {
            if (champion != null) {
                window.add(one.championScore(), one.learnerScore());
            }
        });
        SplitMix64 random = new SplitMix64(config.training().seed(), steps);
        batch.forEach(example -> code(example.target()));
        List<StoredSample> fresh = keepAnchors(batch);
        // Also after anchors alone: what the head says next must not depend on whether a checkpoint let it grow.
        Head learner = headForLabels();
        double loss = fresh.isEmpty() ? Double.NaN : train(learner, fresh, random);
        fresh.forEach(one -> replay.add(one, random));
        steps++;
        return new StepReport(scored, loss);
    }

    /** The head as it would be published now. */
    public HeadArtifact artifact() {
        Head current = headForLabels();
        return new HeadArtifact(
                baseModel, heads.form(), labels.names(), current.state().parameters());
    }

    /** Bytes from which {@link #restored} goes on exactly here. */
    public byte[] checkpoint() {
        return new LaneCheckpoint(
                        baseModel,
                        heads.form(),
                        labels.names(),
                        headForLabels().state(),
                        network == null ? Map.of() : network.parameters(),
                        replay.contents(),
                        replay.seen(),
                        anchors,
                        window.scores(),
                        anchorReference,
                        counts,
                        samples,
                        steps,
                        started)
                .toBytes();
    }

    /** What the gate says of the head as it is now. */
    public Verdict judge(boolean held) {
        return champion == null
                ? Gate.first()
                : Gate.decide(config.promotion(), goal.scoreName(), held, window.comparison(), anchorScores());
    }

    /** Champion and head in training on identical samples since the champion took office. */
    public Comparison comparison() {
        return window.comparison();
    }

    /** Mean score on the anchor set: what must be held, and what the head in training reaches. */
    public AnchorScores anchorScores() {
        if (anchors.isEmpty() || champion == null) {
            return new AnchorScores(0, 0, 0);
        }
        try (PublishedHead challenger = PublishedHead.open(artifact(), heads)) {
            double reference = Math.max(anchorReference, anchorScore(champion));
            return new AnchorScores(anchors.size(), reference, anchorScore(challenger));
        }
    }

    private boolean anchorsComplete() {
        return !anchors.isEmpty()
                && (started || anchors.size() >= config.anchor().samples());
    }

    private double anchorScore(PublishedHead published) {
        List<Target> predicted = published.predictions(
                goal, anchors.stream().map(StoredSample::features).toArray(float[][]::new));
        List<String> names = labels.names();
        double sum = 0;
        for (int i = 0; i < anchors.size(); i++) {
            Target expected = Target.decode(anchors.get(i).code(), goal.numbers(), names);
            sum += goal.score(expected, predicted.get(i));
        }
        return sum / anchors.size();
    }

    private List<Scored> score(List<Example> batch) {
        float[][] features = batch.stream().map(Example::features).toArray(float[][]::new);
        List<Target> byChampion = champion == null ? List.of() : champion.predictions(goal, features);
        // A name that was admitted is no output yet.
        List<Target> byLearner = head == null
                ? List.of()
                : PublishedHead.predictions(goal, labels.names().subList(0, head.outputs()), head.logits(features));
        List<Target> expected = network == null || head == null
                ? batch.stream().map(Example::target).toList()
                : network.complete(batch, head);
        List<Scored> scored = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            Example example = batch.get(i);
            scored.add(new Scored(
                    example.label(),
                    byChampion.isEmpty() ? null : answer(example, expected.get(i), byChampion.get(i)),
                    byLearner.isEmpty() ? null : answer(example, expected.get(i), byLearner.get(i))));
        }
        return scored;
    }

    private Scored.Answer answer(Example example, Target expected, Target predicted) {
        return new Scored.Answer(goal.answer(example.payload(), predicted), goal.score(expected, predicted));
    }

    /** The target in the numbers of this lane, which learns names that are new. */
    private float[] code(Target target) {
        return target.code(labels::add);
    }

    /** Puts aside what belongs to the anchor set, which is scored but never trained on; returns the rest. */
    private List<StoredSample> keepAnchors(List<Example> batch) {
        List<StoredSample> fresh = new ArrayList<>(batch.size());
        for (Example example : batch) {
            float[] code = code(example.target());
            StoredSample one = new StoredSample(example.features(), code, goal.stratum(code), example.next());
            samples++;
            boolean anchor = !started
                    && anchors.size() < config.anchor().samples()
                    && samples % config.anchor().every() == 0;
            if (anchor) {
                anchors.add(one);
            } else {
                fresh.add(one);
            }
        }
        return fresh;
    }

    private double train(Head learner, List<StoredSample> fresh, SplitMix64 random) {
        fresh.forEach(one -> counts[one.stratum()]++);
        List<StoredSample> rows = new ArrayList<>(fresh);
        rows.addAll(replay.sample(config.replay().perStep(), random));
        float[][] features = rows.stream().map(StoredSample::features).toArray(float[][]::new);
        if (network != null) {
            network.follow(learner, steps);
        }
        float[][] codes = network == null
                ? rows.stream().map(StoredSample::code).toArray(float[][]::new)
                : network.complete(rows, goal.numbers(), learner);
        float[][] targets = new float[rows.size()][];
        float[] weights = new float[rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            targets[i] = goal.encode(codes[i], learner.outputs());
            weights[i] = weight(rows.get(i).stratum());
        }
        return learner.train(features, targets, weights);
    }

    private float weight(int stratum) {
        if (config.training().classWeights() == ClassWeights.NONE) {
            return 1;
        }
        int present = (int) Arrays.stream(counts).filter(n -> n > 0).count();
        long all = Arrays.stream(counts).asLongStream().sum();
        return (float) ((double) all / ((double) present * Math.max(1, counts[stratum])));
    }

    /** The head in training with an output for each name known by now. */
    private Head headForLabels() {
        int outputs = labels.size();
        Head current = head;
        if (current == null) {
            current = heads.create(outputs);
        } else if (current.outputs() < outputs) {
            Head grown = heads.restore(HeadGrowth.grown(current.state(), outputs));
            current.close();
            current = grown;
        }
        head = current;
        counts = Arrays.copyOf(counts, outputs);
        return current;
    }

    @Override
    public void close() {
        if (head != null) {
            head.close();
        }
        if (champion != null) {
            champion.close();
        }
        if (network != null) {
            network.close();
        }
    }
}
