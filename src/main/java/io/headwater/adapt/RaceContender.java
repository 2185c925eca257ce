package io.headwater.adapt;

import io.headwater.adapt.drift.ChangePoint;
import io.headwater.adapt.judge.Notice;
import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.memory.LaneMemory.RemovedSample;
import io.headwater.adapt.memory.Relabelling;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.race.AllSamples;
import io.headwater.adapt.race.Race;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadConfig.Learns;
import io.headwater.config.PromotionConfig.NewDomains;
import io.headwater.config.TrainingConfig.UnlabelledUse;
import io.headwater.config.key.KeyText;
import io.headwater.engine.Heads;
import io.headwater.engine.SplitMix64;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.closed.Moments;
import io.headwater.engine.weights.Tensor;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** The contenders whose weights are computed in closed form, of which the leading one stands for all. */
final class RaceContender implements Contender {
    /** The name of its section in the checkpoint. */
    static final String NAME = "race";

    private final LaneMemory memory;
    private final Race race;
    private final List<ChangePoint> changes = new ArrayList<>();

    private RaceContender(LaneMemory memory, Race race) {
        this.memory = memory;
        this.race = race;
    }

    static RaceContender untrained(AdaptationConfig config, Goal goal, Heads heads, LaneMemory memory) {
        return new RaceContender(memory, Race.untrained(config, goal, heads.inputs()));
    }

    static RaceContender read(
            AdaptationConfig config, Goal goal, Heads heads, LaneMemory memory, SectionReader section) {
        return new RaceContender(
                memory,
                Race.read(config, goal, heads.inputs(), section, memory.names().size()));
    }

    /** Returns what another lane starts with that starts from this one. */
    RaceContender asStart() {
        return new RaceContender(memory, race.asStart());
    }

    /**
     * Returns whether the heads of an adaptation are computed in closed form.
     *
     * @throws ConfigurationException when the configuration demands it and it is not possible
     */
    static boolean suits(AdaptationConfig config, Goal goal, Heads heads) {
        Learns learns = config.head().learns();
        boolean possible = heads.linear() && goal.linearTarget().isPresent();
        if (learns == Learns.CLOSED_FORM && !possible) {
            throw ConfigurationException.of(
                    "head.learns closed-form needs one new output layer on frozen features and a task that predicts classes, labels, numbers or tags, but task '%s' with this head has %s; choose auto or gradient"
                            .formatted(config.task().key(), heads.linear() ? "other targets" : "other layers"));
        }
        boolean suits = learns != Learns.GRADIENT && possible;
        if (!suits && config.training().unlabelled() != UnlabelledUse.IGNORE) {
            throw ConfigurationException.of(
                    "training.unlabelled must be ignore where heads are not computed in closed form, but is %s; leave it out"
                            .formatted(KeyText.kebab(config.training().unlabelled())));
        }
        if (!suits && config.promotion().newDomains() == NewDomains.NEAREST) {
            throw ConfigurationException.of(
                    "promotion.new-domains must be source where heads are not computed in closed form, but is nearest; leave it out");
        }
        return suits;
    }

    @Override
    public List<Answer> predictions(float[][] features) {
        return race.predictions(memory, features);
    }

    @Override
    public List<Target> targets(List<Example> examples) {
        return examples.stream().map(Example::target).toList();
    }

    @Override
    public void observe(List<Example> examples) {
        race.observe(memory, examples.stream().map(Example::features).toArray(float[][]::new), targets(examples));
    }

    @Override
    public void streamChanged(ChangePoint point) {
        changes.add(point);
    }

    @Override
    public boolean usesUnlabelled() {
        return race.usesUnlabelled();
    }

    @Override
    public boolean isAligned() {
        return race.isLedByUnlabelled();
    }

    @Override
    public void observeUnlabelled(float[] features) {
        race.observeUnlabelled(features);
    }

    @Override
    public void forgetUnlabelled(float[] features) {
        race.forgetUnlabelled(features);
    }

    @Override
    public List<Notice> takeNotices() {
        return race.takeNotices();
    }

    /** {@inheritDoc} There is no loss, because nothing is descended. */
    @Override
    public double learn(List<StoredSample> samples, SplitMix64 random) {
        race.learn(samples, memory, changes);
        changes.clear();
        return Double.NaN;
    }

    @Override
    public Map<String, Tensor.F32> parameters() {
        return race.parameters(memory);
    }

    @Override
    public List<LinearWeights> others() {
        return race.others(memory);
    }

    @Override
    public Optional<String> standing() {
        return Optional.of(race.standing());
    }

    @Override
    public void unlearn(List<StoredSample> samples) {
        race.unlearn(samples);
    }

    @Override
    public Forgotten forget(RemovedSample removed) {
        List<String> parts = new ArrayList<>(removed.parts());
        if (race.forget(removed.sample(), memory)) {
            parts.add("the sums and weights of all contenders");
            return new Forgotten(parts, List.of());
        }
        return new Forgotten(
                parts,
                List.of("the sums since the last change, because it is not known whether the sample came before it"));
    }

    @Override
    public List<String> relabel(Relabelling relabelling) {
        race.relabel(relabelling, memory);
        return List.of();
    }

    @Override
    public List<String> takeOut(int output, List<StoredSample> samples) {
        if (!samples.isEmpty() && race.takeOut(samples, memory) > 0) {
            return List.of(
                    "the sums since the last change, because it is not known whether some of the samples came before"
                            + " it");
        }
        long rest = race.allSamples().sums().rowsOf(output);
        return rest == 0 ? List.of() : List.of("the sums, which contain %d samples of the class".formatted(rest));
    }

    @Override
    public Optional<AllSamples> allSamples() {
        return Optional.of(race.allSamples());
    }

    @Override
    public void merge(Moments rows, Moments less) {
        race.merge(rows, less, memory);
    }

    @Override
    public Optional<String> leader() {
        return Optional.of(race.leader());
    }

    @Override
    public SortedMap<String, Double> qualities() {
        return race.qualities();
    }

    @Override
    public String section() {
        return NAME;
    }

    @Override
    public void write(SectionWriter section) {
        race.write(section);
    }

    /** Does nothing: a race holds no native memory. */
    @Override
    public void close() {}
}
