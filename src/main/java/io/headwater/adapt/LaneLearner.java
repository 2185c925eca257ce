package io.headwater.adapt;

import io.headwater.adapt.judge.Verdict;
import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.state.Checkpoints;
import io.headwater.adapt.state.SectionReader;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.ConfigurationException;
import io.headwater.domain.Digest;
import io.headwater.domain.Outcome;
import io.headwater.engine.Heads;
import io.headwater.engine.SplitMix64;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * One lane: its memory, what learns in it, and the champion that serves. A pure function of the samples and of how they are
 * cut into steps. Each part reads and writes a section of the checkpoint of its own. Not thread-safe.
 */
public final class LaneLearner implements AutoCloseable {
    private static final String MEMORY = "memory";
    private static final String CONTENDERS = "contenders";
    private static final String CHAMPION = "champion";

    private final Goal goal;
    private final Digest baseModel;
    private final Heads heads;
    private final LaneMemory memory;
    private final Contender contender;
    private final Champion champion;

    private LaneLearner(
            Goal goal, Digest baseModel, Heads heads, LaneMemory memory, Contender contender, Champion champion) {
        this.goal = goal;
        this.baseModel = baseModel;
        this.heads = heads;
        this.memory = memory;
        this.contender = contender;
        this.champion = champion;
    }

    /** A lane that starts untrained. */
    public static LaneLearner untrained(AdaptationConfig config, Goal goal, Digest baseModel, Heads heads) {
        LaneMemory memory = LaneMemory.empty(config, goal);
        return new LaneLearner(
                goal,
                baseModel,
                heads,
                memory,
                GradientContender.of(config, goal, heads, memory, GradientContender.State.UNTRAINED),
                Champion.none(config.promotion(), goal, heads, memory));
    }

    /**
     * A lane that starts from what another lane learned: its weights, and where held-out samples are configured its memory
     * and its optimiser as well.
     *
     * @param checkpoint bytes of the other lane's checkpoint
     * @throws ConfigurationException when the configuration wants a head of another form
     */
    public static LaneLearner startedFrom(AdaptationConfig config, Goal goal, Heads heads, byte[] checkpoint) {
        Checkpoints.Contents from = read(heads, checkpoint);
        boolean keepsMemory = config.anchor().samples() > 0;
        LaneMemory memory = LaneMemory.read(
                        config, goal, from.outputs(), from.sections().section(MEMORY))
                .asStart(keepsMemory);
        GradientContender.State state =
                GradientContender.State.read(contender(from.sections())).asStart(keepsMemory);
        return new LaneLearner(
                goal,
                from.baseModel(),
                heads,
                memory,
                GradientContender.of(config, goal, heads, memory, state),
                Champion.none(config.promotion(), goal, heads, memory));
    }

    /**
     * A lane that goes on where {@link #checkpoint} was taken.
     *
     * @throws ConfigurationException when the configuration wants a head of another form
     */
    public static LaneLearner restored(AdaptationConfig config, Goal goal, Heads heads, byte[] checkpoint) {
        Checkpoints.Contents from = read(heads, checkpoint);
        LaneMemory memory =
                LaneMemory.read(config, goal, from.outputs(), from.sections().section(MEMORY));
        return new LaneLearner(
                goal,
                from.baseModel(),
                heads,
                memory,
                GradientContender.of(
                        config, goal, heads, memory, GradientContender.State.read(contender(from.sections()))),
                Champion.read(
                        config.promotion(), goal, heads, memory, from.sections().section(CHAMPION)));
    }

    private static SectionReader contender(SectionReader sections) {
        return sections.section(CONTENDERS).section(GradientContender.NAME);
    }

    private static Checkpoints.Contents read(Heads heads, byte[] checkpoint) {
        Checkpoints.Contents contents = Checkpoints.read(checkpoint);
        if (!contents.form().equals(heads.form())) {
            throw ConfigurationException.of(
                    "the head must stay '%s', as which the lane was learned, but is configured as '%s'; give the adaptation a new name"
                            .formatted(contents.form(), heads.form()));
        }
        return contents;
    }

    /** Bytes from which {@link #restored} goes on exactly here. */
    public byte[] checkpoint() {
        return Checkpoints.write(baseModel, heads.form(), memory.names(), sections -> {
            memory.write(sections.section(MEMORY));
            contender.write(sections.section(CONTENDERS).section(GradientContender.NAME));
            champion.write(sections.section(CHAMPION));
        });
    }

    /** The base model whose features it learns. */
    public Digest baseModel() {
        return baseModel;
    }

    /** Samples of the lane so far. */
    public long samples() {
        return memory.samples();
    }

    /** The names of the outputs known so far, in the order of the logits. */
    public List<String> labels() {
        return memory.names();
    }

    /**
     * Takes note of a sample that a coming step will learn; rejected when it cannot be learned, or the lane has as many
     * classes as it may.
     */
    public Outcome<Target> admit(Example example) {
        return goal.validate(example.target(), heads.rows(example.features())).then(memory::admit);
    }

    /** One step: scores the new samples, then learns from them together with replayed ones. */
    public StepReport step(List<Example> batch) {
        List<SampleScores> scores = score(batch);
        scores.forEach(champion::compare);
        List<StoredSample> samples = new ArrayList<>(batch.size());
        for (Example one : batch) {
            memory.accept(one.features(), one.target(), one.next()).ifPresent(samples::add);
        }
        SplitMix64 random = memory.random();
        memory.count(samples);
        double loss = contender.learn(samples, random);
        memory.endStep(samples, random);
        return new StepReport(scores, loss);
    }

    private List<SampleScores> score(List<Example> batch) {
        float[][] features = batch.stream().map(Example::features).toArray(float[][]::new);
        List<Answer> byChampion = champion.predictions(features);
        List<Answer> byContender = contender.predictions(features);
        List<Target> expected = contender.targets(batch);
        List<SampleScores> scores = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            Example example = batch.get(i);
            scores.add(new SampleScores(
                    example.label(),
                    byChampion.isEmpty() ? null : example.scored(byChampion.get(i), expected.get(i)),
                    byContender.isEmpty() ? null : example.scored(byContender.get(i), expected.get(i))));
        }
        return scores;
    }

    /** The head as it would be published now. */
    public HeadArtifact artifact() {
        return new HeadArtifact(baseModel, heads.form(), memory.names(), contender.parameters());
    }

    /**
     * Compares {@code challenger} with the champion, and lets it serve from now on when the gate says so.
     *
     * @param challenger the head as {@link #artifact} gave it after the last step
     * @param held whether a person has rolled the lane back, so that nothing is promoted
     */
    public Verdict promoteIfBetter(HeadArtifact challenger, boolean held) {
        return champion.promoteIfBetter(challenger, held);
    }

    /** Lets {@code artifact} serve from now on; the comparison begins anew. */
    public void promote(HeadArtifact artifact) {
        champion.promote(artifact);
    }

    /** Brings the champion back after a restart; the comparison goes on. */
    public void restoreChampion(HeadArtifact artifact) {
        champion.restore(artifact);
    }

    @Override
    public void close() {
        contender.close();
        champion.close();
    }
}
