package io.headwater.adapt;

import io.headwater.adapt.Corrections.Wrong;
import io.headwater.adapt.Example.Origin;
import io.headwater.adapt.ask.Committee;
import io.headwater.adapt.conformal.LaneThresholds;
import io.headwater.adapt.drift.Drift;
import io.headwater.adapt.judge.Notice;
import io.headwater.adapt.judge.Verdict;
import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.memory.LaneMemory.RemovedSample;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.state.CheckpointLog;
import io.headwater.adapt.state.Checkpoints;
import io.headwater.adapt.state.FromArtifact;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.ConfigurationException;
import io.headwater.config.GuardConfig;
import io.headwater.config.HeadConfig.Learns;
import io.headwater.config.PromotionConfig.NewDomains;
import io.headwater.config.ask.AsksConfig;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Command;
import io.headwater.domain.Digest;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.VersionRef;
import io.headwater.engine.Heads;
import io.headwater.engine.SplitMix64;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.closed.Moments;
import io.headwater.engine.dense.HeadGrowth;
import io.headwater.engine.weights.Tensor;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One lane: its memory, its contenders, and the serving champion. Its state depends only on the samples and on how they
 * are divided into steps. Each part reads and writes its own section of the checkpoint. Not thread-safe.
 */
public final class LaneLearner implements AutoCloseable {
    static final String MEMORY = "memory";
    static final String CONTENDERS = "contenders";
    private static final String CHAMPION = "champion";
    private static final String UNCERTAINTY = "uncertainty";
    private static final String SIGNALS = "signals";

    /** Square matrices of the width of the features that a lane in closed form has at most. */
    private static final int SUMS = 6;

    /** Bytes of the smallest lane. */
    private static final int LEAST_BYTES = 100_000;

    private final Goal goal;
    private final Digest baseModel;
    private final Heads heads;
    private final LaneMemory memory;
    private final Contender contender;
    private final Champion champion;
    private final LaneThresholds thresholds;
    private final LaneSignals signals;
    private final Besides besides;

    private CheckpointLog log = new CheckpointLog();

    private LaneLearner(
            Goal goal,
            Digest baseModel,
            Heads heads,
            LaneMemory memory,
            Contender contender,
            Champion champion,
            LaneThresholds thresholds,
            LaneSignals signals,
            Besides besides) {
        this.goal = goal;
        this.baseModel = baseModel;
        this.heads = heads;
        this.memory = memory;
        this.contender = contender;
        this.champion = champion;
        this.thresholds = thresholds;
        this.signals = signals;
        this.besides = besides;
    }

    /**
     * What versions say besides their weights.
     *
     * @param seen how the features of the samples are distributed
     * @param committee what the other contenders are
     */
    private record Besides(boolean seen, boolean committee) {
        static Besides of(AdaptationConfig config) {
            return new Besides(
                    config.promotion().newDomains() == NewDomains.NEAREST,
                    config.asks().isOn() && config.asks().strategy() == AsksConfig.Strategy.DISAGREEMENT);
        }
    }

    /** Returns whether new lanes of an adaptation are learned in closed form, without gradients. */
    public static boolean isClosedForm(AdaptationConfig config, Goal goal, Heads heads) {
        return RaceContender.suits(config, goal, heads);
    }

    /** Creates a lane that starts untrained. */
    public static LaneLearner untrained(AdaptationConfig config, Goal goal, Digest baseModel, Heads heads) {
        boolean closed = RaceContender.suits(config, goal, heads);
        LaneMemory memory = LaneMemory.empty(ofMemory(config, closed), goal);
        Contender contender = closed
                ? RaceContender.untrained(config, goal, heads, memory)
                : GradientContender.of(config, goal, heads, memory, GradientContender.State.UNTRAINED);
        return new LaneLearner(
                goal,
                baseModel,
                heads,
                memory,
                contender,
                Champion.none(config.promotion(), goal, heads, memory),
                LaneThresholds.none(config.uncertainty(), goal),
                LaneSignals.none(config, heads),
                Besides.of(config));
    }

    /**
     * Creates a lane that starts from the weights of another lane and, when held-out samples are configured, also from
     * its memory and its optimiser state. Its prediction sets start from the thresholds of the other lane, with which its
     * requests were answered so far.
     *
     * @param checkpoint bytes of the other lane's checkpoint
     * @throws ConfigurationException when the configuration requires a head of another form
     * @throws io.headwater.domain.ArtifactException when the checkpoint is damaged
     */
    public static LaneLearner startedFrom(AdaptationConfig config, Goal goal, Heads heads, byte[] checkpoint) {
        return startedFrom(config, goal, heads, Checkpoints.read(checkpoint));
    }

    /**
     * Creates a lane as {@link #startedFrom(AdaptationConfig, Goal, Heads, byte[])} does.
     *
     * @param from the other lane's checkpoint
     * @throws ConfigurationException when the configuration requires a head of another form
     * @throws io.headwater.domain.ArtifactException when the checkpoint is damaged
     */
    public static LaneLearner startedFrom(AdaptationConfig config, Goal goal, Heads heads, Checkpoints.Contents from) {
        return FromArtifact.restored(describedLane(heads), () -> start(config, goal, heads, from));
    }

    private static String describedLane(Heads heads) {
        return "a checkpoint must hold the state of a lane whose heads have the form '" + heads.form() + "'";
    }

    private static LaneLearner start(AdaptationConfig config, Goal goal, Heads heads, Checkpoints.Contents from) {
        requireForm(heads, from);
        boolean closed = isClosed(config, from.sections());
        boolean keepsMemory = config.guard().samples() > 0;
        LaneMemory memory = LaneMemory.read(
                        ofMemory(config, closed),
                        goal,
                        from.outputs(),
                        from.sections().section(MEMORY))
                .asStart(keepsMemory);
        SectionReader contenders = contenders(from.sections(), closed);
        Contender contender = closed
                ? RaceContender.read(config, goal, heads, memory, contenders).asStart()
                : GradientContender.of(
                        config,
                        goal,
                        heads,
                        memory,
                        GradientContender.State.read(contenders).asStart(keepsMemory));
        return new LaneLearner(
                goal,
                from.baseModel(),
                heads,
                memory,
                contender,
                Champion.none(config.promotion(), goal, heads, memory),
                thresholds(config, goal, from.sections()),
                LaneSignals.none(config, heads),
                Besides.of(config));
    }

    /**
     * Restores a lane to the state at which {@link #checkpoint} was taken.
     *
     * @throws ConfigurationException when the configuration requires a head of another form
     * @throws io.headwater.domain.ArtifactException when the checkpoint is damaged
     */
    public static LaneLearner restored(AdaptationConfig config, Goal goal, Heads heads, byte[] checkpoint) {
        return restored(config, goal, heads, Checkpoints.read(checkpoint));
    }

    /**
     * Restores a lane as {@link #restored(AdaptationConfig, Goal, Heads, Checkpoints.Contents)} does, and lets it go on from
     * there: {@linkplain #save what it stores next} refers to what this checkpoint has. Nobody may delete this while the lane
     * goes on.
     *
     * @throws ConfigurationException when the configuration requires a head of another form
     * @throws io.headwater.domain.ArtifactException when the checkpoint is damaged
     */
    public static LaneLearner continued(AdaptationConfig config, Goal goal, Heads heads, Checkpoints.Contents from) {
        LaneLearner learner = restored(config, goal, heads, from);
        learner.log = from.log();
        return learner;
    }

    /**
     * Restores a lane to the state at which a checkpoint was taken.
     *
     * @throws ConfigurationException when the configuration requires a head of another form
     * @throws io.headwater.domain.ArtifactException when the checkpoint is damaged
     */
    public static LaneLearner restored(AdaptationConfig config, Goal goal, Heads heads, Checkpoints.Contents from) {
        return FromArtifact.restored(describedLane(heads), () -> restore(config, goal, heads, from));
    }

    private static LaneLearner restore(AdaptationConfig config, Goal goal, Heads heads, Checkpoints.Contents from) {
        requireForm(heads, from);
        boolean closed = isClosed(config, from.sections());
        LaneMemory memory = LaneMemory.read(
                ofMemory(config, closed), goal, from.outputs(), from.sections().section(MEMORY));
        SectionReader contenders = contenders(from.sections(), closed);
        Contender contender = closed
                ? RaceContender.read(config, goal, heads, memory, contenders)
                : GradientContender.of(config, goal, heads, memory, GradientContender.State.read(contenders));
        return new LaneLearner(
                goal,
                from.baseModel(),
                heads,
                memory,
                contender,
                Champion.read(
                        config.promotion(),
                        goal,
                        heads,
                        memory,
                        from.baseModel(),
                        from.sections().section(CHAMPION)),
                thresholds(config, goal, from.sections()),
                LaneSignals.read(config, heads, from.sections().section(SIGNALS)),
                Besides.of(config));
    }

    /** Returns the configuration of the memory: contenders in closed form learn from the guard set, so nothing is held out. */
    private static AdaptationConfig ofMemory(AdaptationConfig config, boolean closed) {
        return closed ? config.withGuard(GuardConfig.NONE) : config;
    }

    /** Returns whether the lane was learned in closed form, as which it continues. */
    private static boolean isClosed(AdaptationConfig config, SectionReader sections) {
        boolean closed = sections.section(CONTENDERS).hasSection(RaceContender.NAME);
        Learns learns = config.head().learns();
        if (learns != Learns.AUTO && closed != (learns == Learns.CLOSED_FORM)) {
            throw ConfigurationException.of(
                    "head.learns must stay as it was when the lane was learned, which is %s, but is %s; give the adaptation a new name"
                            .formatted(
                                    closed ? "auto or closed-form" : "gradient", closed ? "gradient" : "closed-form"));
        }
        return closed;
    }

    /** Returns the thresholds; without scores when the checkpoint is of a release that had none. */
    private static LaneThresholds thresholds(AdaptationConfig config, Goal goal, SectionReader sections) {
        return sections.hasSection(UNCERTAINTY)
                ? LaneThresholds.read(config.uncertainty(), goal, sections.section(UNCERTAINTY))
                : LaneThresholds.none(config.uncertainty(), goal);
    }

    private static SectionReader contenders(SectionReader sections, boolean closed) {
        return sections.section(CONTENDERS).section(closed ? RaceContender.NAME : GradientContender.NAME);
    }

    private static void requireForm(Heads heads, Checkpoints.Contents contents) {
        if (!contents.form().equals(heads.form())) {
            throw ConfigurationException.of(
                    "the head must stay '%s', as which the lane was learned, but is configured as '%s'; give the adaptation a new name"
                            .formatted(contents.form(), heads.form()));
        }
    }

    /** Returns bytes from which {@link #restored} restores exactly the current state, without any other artifact. */
    public byte[] checkpoint() {
        return Checkpoints.write(baseModel, heads.form(), memory.names(), this::write);
    }

    /**
     * Stores a checkpoint from which {@link #restored} restores exactly the current state. What an earlier one of this
     * learner has is not stored again.
     *
     * @param serving artifacts of versions that serve or served before, and their checkpoints
     * @return its digest
     * @throws java.io.UncheckedIOException when it cannot be stored
     */
    public Digest save(ArtifactStore store, Set<Digest> serving) {
        Set<Digest> mentioned = new HashSet<>(serving);
        mentioned.addAll(champion.mentioned());
        return log.save(store, baseModel, heads.form(), memory.names(), mentioned, this::write);
    }

    private void write(SectionWriter sections) {
        memory.write(sections.section(MEMORY));
        contender.write(sections.section(CONTENDERS).section(contender.section()));
        champion.write(sections.section(CHAMPION));
        thresholds.write(sections.section(UNCERTAINTY));
        signals.write(sections.section(SIGNALS));
    }

    /** Returns the digest of the base model whose features are the input. */
    public Digest baseModel() {
        return baseModel;
    }

    /** Returns the number of samples of the lane so far. */
    public long samples() {
        return memory.samples();
    }

    /** Returns whether the lane was started from another lane. */
    public boolean isStarted() {
        return memory.isStarted();
    }

    /** Returns the names of the outputs known so far, in the order of the logits. */
    public List<String> labels() {
        return memory.names();
    }

    /**
     * Registers a sample for a later training step. It is rejected when it cannot be used for training, or when it
     * would exceed the maximum number of classes of the lane.
     */
    public Outcome<Target> admit(Example example) {
        return validate(example).then(memory::admit);
    }

    /** Checks whether a sample could be used for training, without registering it. */
    public Outcome<Target> validate(Example example) {
        Example meant = meant(example);
        if (goal.choosesClass() && memory.isRemoved(label(meant))) {
            return Outcome.rejected(
                    Reason.BAD_LABEL,
                    "class '%s' was removed from the lane; 'headwater labels restore' lets it learn the class again, and 'headwater dead-letters replay' sends the sample again"
                            .formatted(label(meant)));
        }
        return goal.validate(meant.target(), heads.rows(example.features()));
    }

    private static String label(Example example) {
        return example.target().symbols().get(0);
    }

    /** Returns the example with the class that its label means by now. */
    private Example meant(Example example) {
        if (!goal.choosesClass()) {
            return example;
        }
        String meaning = memory.meaning(label(example));
        return meaning.equals(label(example)) ? example : example.of(meaning);
    }

    /**
     * Takes one step: scores the new samples, then trains on them together with replayed samples. Of samples that correct others
     * that the lane has learned, it takes these out first, exactly where the contender can, and does not score them again.
     */
    public StepReport step(List<Example> given) {
        Corrections corrections = Corrections.of(given, memory.requests());
        unlearn(corrections.wrong());
        List<Example> tested = corrections.tested();
        List<SampleScores> scores = tested.isEmpty()
                ? List.of()
                : test(tested.stream().map(this::meant).toList());
        List<StoredSample> samples = new ArrayList<>(given.size());
        for (Example example : corrections.learned()) {
            Example one = meant(example);
            samples.addAll(memory.accept(one.features(), one.target(), one.next()));
            Origin origin = example.origin();
            if (origin != null) {
                long key = Corrections.key(origin, example.features(), example.target());
                memory.requests().add(key, memory.samples(), origin.offset());
            }
        }
        memory.passOver(given.size() - corrections.learned().size());
        SplitMix64 random = memory.random();
        memory.count(samples);
        double loss = contender.learn(samples, random);
        memory.endStep(contender.kept(samples), random);
        return new StepReport(scores, loss, corrections.offsets());
    }

    private void unlearn(List<Wrong> wrong) {
        if (!wrong.isEmpty()) {
            contender.unlearn(wrong.stream()
                    .map(one -> removed(one.example(), one.key()).sample())
                    .toList());
        }
    }

    /** Scores samples that the lane will learn, and lets everything observe them that decides by scores. */
    private List<SampleScores> test(List<Example> batch) {
        float[][] features = features(batch);
        List<Answer> byChampion = champion.predictions(features);
        List<Answer> byContender = contender.predictions(features);
        List<Target> expected = contender.targets(batch);
        List<SampleScores> scores = scores(batch, expected, byChampion, byContender);
        thresholds.observe(byChampion.isEmpty() ? byContender : byChampion, expected);
        contender.observe(batch);
        signals.observe(batch, expected, scores, memory, contender, champion);
        signals.add(champion.observe(features, expected, byChampion, scores), memory);
        signals.compare(scores, goal.scoreName());
        return scores;
    }

    /** Returns whether samples without a label are used. */
    public boolean usesUnlabelled() {
        return contender.usesUnlabelled();
    }

    /** Observes a sample without a label, which has an effect from the next version on. */
    public void observeUnlabelled(Example example) {
        contender.observeUnlabelled(example.features());
    }

    /** Scores samples without any effect on the lane, except those that it has learned with another label. */
    public List<SampleScores> score(List<Example> given) {
        List<Example> batch = Corrections.of(given, memory.requests()).tested().stream()
                .map(this::meant)
                .toList();
        if (batch.isEmpty()) {
            return List.of();
        }
        float[][] features = features(batch);
        List<Answer> byChampion = champion.predictions(features);
        List<Answer> byContender = contender.predictions(features);
        return scores(batch, contender.targets(batch), byChampion, byContender);
    }

    private static float[][] features(List<Example> batch) {
        return batch.stream().map(Example::features).toArray(float[][]::new);
    }

    private static List<SampleScores> scores(
            List<Example> batch, List<Target> expected, List<Answer> byChampion, List<Answer> byContender) {
        List<SampleScores> scores = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            Example example = batch.get(i);
            scores.add(new SampleScores(
                    example.position(),
                    example.truth(),
                    byChampion.isEmpty() ? null : example.scored(byChampion.get(i), expected.get(i)),
                    byContender.isEmpty() ? null : example.scored(byContender.get(i), expected.get(i))));
        }
        return scores;
    }

    /**
     * Forgets a sample of the lane: it leaves the memory, and every contender that can remove it exactly.
     *
     * @param given the sample as it was learned, which must have been used in a step
     */
    public Forgotten forget(Example given) {
        if (!given.isLabelled()) {
            log = new CheckpointLog();
            contender.forgetUnlabelled(given.features());
            return new Forgotten(List.of("what follows from samples without a label"), List.of());
        }
        // What is stored next must not refer to what holds the sample.
        log = new CheckpointLog();
        return contender.forget(removed(given));
    }

    /** Removes a sample from the memory: the one that the lane has learned, if that is known, or one that is the same. */
    private RemovedSample removed(Example given) {
        Origin origin = given.origin();
        return origin == null
                ? removedByContent(meant(given))
                : removed(given, Corrections.key(origin, given.features(), given.target()));
    }

    private RemovedSample removed(Example given, long key) {
        Example example = meant(given);
        return memory.requests()
                .take(key)
                .map(one -> memory.forget(one.number(), example.features(), example.target(), example.next()))
                .orElseGet(() -> removedByContent(example));
    }

    private RemovedSample removedByContent(Example example) {
        return memory.forget(example.features(), example.target(), example.next());
    }

    /**
     * Changes a class as a person wants.
     *
     * @param action {@code MERGE_LABEL}, {@code REMOVE_LABEL} or {@code RESTORE_LABEL}
     * @param into the class that it becomes when it is merged
     * @param taken samples of the class to take out when it is removed
     * @return the parts that still depend on what was before, for people; refused as {@link #mergeLabel}, {@link #removeLabel} and
     *     {@link #restoreLabel} say
     */
    public Outcome<List<String>> changeLabel(Command.Action action, String label, String into, List<Example> taken) {
        return switch (action) {
            case MERGE_LABEL -> mergeLabel(label, into);
            case REMOVE_LABEL -> removeLabel(label, taken);
            case RESTORE_LABEL -> restoreLabel(label);
            default -> throw new IllegalArgumentException(action + " changes no class");
        };
    }

    /**
     * Makes one class of two: what was learned of {@code label} counts for {@code into}, and later samples of the one are of the
     * other. The lane does not predict {@code label} any more.
     *
     * @return the parts that still depend on what the samples were before, for people; refused when there are no such classes
     */
    public Outcome<List<String>> mergeLabel(String label, String into) {
        return hasClasses()
                .then(classes -> classes.mergeLabel(label, into))
                .then(relabelling -> Outcome.ok(contender.relabel(relabelling)));
    }

    /**
     * Removes a class: the lane does not predict it any more, and refuses later samples of it. Samples of it can be taken out of
     * what was learned; a head that was trained by gradients drops those that it remembers at once, and keeps the rest.
     *
     * @param taken samples of the class that the lane has learned from
     * @return the parts that still depend on samples of the class, for people; refused when there is no such class, or no other
     */
    public Outcome<List<String>> removeLabel(String label, List<Example> taken) {
        return hasClasses().then(classes -> classes.removeLabel(label)).then(output -> {
            // What is stored next must not refer to what holds the samples.
            log = new CheckpointLog();
            List<StoredSample> samples = new ArrayList<>();
            taken.forEach(example -> samples.add(removed(example).sample()));
            if (contender.allSamples().isEmpty()) {
                memory.drop(output);
            }
            return Outcome.ok(contender.takeOut(output, samples));
        });
    }

    /** Lets later samples of a class that was merged or removed be of this class again; refused when it was neither. */
    public Outcome<List<String>> restoreLabel(String label) {
        return hasClasses().then(classes -> classes.restoreLabel(label)).then(restored -> Outcome.ok(List.of()));
    }

    private Outcome<LaneMemory> hasClasses() {
        return goal.choosesClass()
                ? Outcome.ok(memory)
                : Outcome.rejected(
                        Reason.REFUSED,
                        "its task does not choose one class for each sample, so that none can be merged or removed;"
                                + " send the samples with other labels to an adaptation with a new name");
    }

    /** Returns what a lane in closed form knows of all its samples; empty when it is trained by gradients. */
    public Optional<LaneSums> sums() {
        return contender.allSamples().map(samples -> new LaneSums(memory.names(), samples));
    }

    /**
     * Adds what another lane knows of its samples to what this lane knows, exactly. Names of outputs that are new are
     * appended in the order of the other lane. What a lane keeps besides sums stays its own: the samples to replay, the guard
     * set, the newest samples, scores and counts.
     *
     * @param other sums on the same features
     * @param less what this lane knows of the same samples already; null when there are none
     * @return the lane; refused when it is trained by gradients, or may not have outputs that the other lane has
     */
    public Outcome<LaneLearner> merge(LaneSums other, @Nullable LaneSums less) {
        Optional<LaneSums> own = sums();
        if (own.isEmpty()) {
            return Outcome.rejected(
                    Reason.REFUSED,
                    "the lane is trained by gradient steps, to which nothing can be added; send it the samples of the"
                            + " other lane instead");
        }
        return memory.append(other.outputs()).then(places -> {
            Moments known = less == null
                    ? Moments.of(heads.inputs())
                    : less.samples().sums().placed(memory.places(less.outputs()));
            Moments rows = other.samples().sums().placed(places);
            memory.merged().forEach((label, into) -> {
                rows.moveClass(output(label), output(into));
                known.moveClass(output(label), output(into));
            });
            contender.merge(rows, known);
            return Outcome.ok(this);
        });
    }

    private int output(String label) {
        return memory.places(List.of(label))[0];
    }

    /** Returns the signals of changes of the stream since the last call, in order. */
    public List<Drift> takeDrifts() {
        return signals.takeDrifts();
    }

    /** Returns what a person should know about the lane since the last call. */
    public List<Notice> takeNotices() {
        List<Notice> notices = new ArrayList<>(signals.takeNotices());
        notices.addAll(contender.takeNotices());
        notices.addAll(champion.takeNotices());
        return notices;
    }

    /** Returns how good the contenders were on the newest samples, by name; empty when there is only one. */
    public SortedMap<String, Double> contenders() {
        return contender.qualities();
    }

    /** Returns the name of the leading contender; empty when there is only one. */
    public Optional<String> leader() {
        return contender.leader();
    }

    /**
     * Returns about how many bytes of memory the lane takes: what its newest checkpoint holds, and in closed form the sums of its
     * contenders and what is derived from them.
     */
    public long bytes() {
        long width = heads.inputs();
        long sums = contender.leader().isPresent() ? SUMS * Double.BYTES * width * width : 0;
        return LEAST_BYTES + sums + 2 * log.bytes() + memory.requests().bytes();
    }

    /** Returns the current head as an artifact to publish. */
    public HeadArtifact artifact() {
        List<String> visible = memory.visible();
        Map<String, Tensor.F32> parameters = contender.parameters();
        return new HeadArtifact(
                baseModel,
                heads.form(),
                visible,
                visible.size() == memory.names().size()
                        ? parameters
                        : HeadGrowth.only(parameters, memory.places(visible)),
                contender.isAligned(),
                besides.seen()
                        ? contender.allSamples().flatMap(SeenFeatures::of).orElse(null)
                        : null,
                besides.committee() ? committee(visible) : null);
    }

    private @Nullable Committee committee(List<String> visible) {
        int[] places = memory.places(visible);
        List<LinearWeights> others =
                contender.others().stream().map(one -> one.only(places)).toList();
        return others.isEmpty() || visible.isEmpty() ? null : new Committee(others);
    }

    /** Decides as {@link #promoteIfBetter(HeadArtifact, boolean, VersionRef)} where the serving version is not known. */
    public Verdict promoteIfBetter(HeadArtifact challenger, boolean held) {
        return promoteIfBetter(challenger, held, null);
    }

    /**
     * Decides which version serves when {@code challenger} is published: this one, the champion, or an earlier one.
     *
     * @param challenger the head that {@link #artifact} returned after the last step
     * @param held whether a person holds the lane, so that nothing changes
     * @param serving the version that serves until now, to which the lane may return later; null when it is not known
     */
    public Verdict promoteIfBetter(HeadArtifact challenger, boolean held, @Nullable VersionRef serving) {
        Verdict verdict = champion.decide(challenger, held, contender.standing().orElse(null), serving);
        if (verdict.promoted()) {
            signals.promoted();
        }
        return verdict;
    }

    /**
     * Lets a version that does not serve try to prove on later samples that it is better, if the configuration demands
     * this of versions.
     *
     * @param version the version that was published last
     * @param published returns its head
     */
    public void consider(VersionRef version, Supplier<HeadArtifact> published) {
        champion.consider(version, published);
    }

    /** Returns the thresholds of prediction sets and intervals, which change with the samples. */
    public LaneThresholds thresholds() {
        return thresholds;
    }

    /** Makes {@code artifact} the serving version; the comparison starts again. */
    public void promote(HeadArtifact artifact) {
        champion.promote(artifact);
        signals.promoted();
    }

    /** Restores the champion after a restart; the comparison continues. */
    public void restoreChampion(HeadArtifact artifact) {
        champion.restore(artifact);
    }

    @Override
    public void close() {
        contender.close();
        champion.close();
    }
}
