package io.headwater.adapt;

import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.ConfigurationException;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.Heads;
import io.headwater.engine.SplitMix64;
import io.headwater.engine.dense.HeadGrowth;
import io.headwater.engine.dense.HeadTraining;
import io.headwater.engine.weights.Tensor;
import io.headwater.task.Answer;
import io.headwater.task.Bootstrap;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A head that learns by steps of an optimiser, each on new samples and on replayed ones. */
final class GradientContender implements Contender {
    /** The section of the checkpoint. */
    static final String NAME = "gradient";

    private final Goal goal;
    private final Heads heads;
    private final LaneMemory memory;
    private final @Nullable TargetNetwork network;
    private @Nullable Head head;

    private GradientContender(AdaptationConfig config, Goal goal, Heads heads, LaneMemory memory, State state) {
        requireUpdater(config, state.head());
        this.goal = goal;
        this.heads = heads;
        this.memory = memory;
        this.network = goal instanceof Bootstrap bootstrap ? new TargetNetwork(bootstrap, heads, state.target()) : null;
        this.head = state.head().parameters().isEmpty() ? null : heads.restore(state.head());
    }

    /**
     * What it goes on from.
     *
     * @param head weights and optimiser; without weights before the first step
     * @param target weights of the target network; empty where the goal has none, or it was never a copy of anything
     */
    record State(HeadState head, Map<String, Tensor.F32> target) {
        /** It has not learned yet. */
        static final State UNTRAINED = new State(HeadState.ofParameters(Map.of()), Map.of());

        static State read(SectionReader section) {
            HeadState head = new HeadState(
                    section.tensors("head"), section.tensors("optimiser"), section.value("iteration", Long::valueOf));
            return new State(head, section.tensors("target"));
        }

        /**
         * The state with which another lane starts.
         *
         * @param keepsOptimiser whether the optimiser goes on as well
         */
        State asStart(boolean keepsOptimiser) {
            return new State(keepsOptimiser ? head : HeadState.ofParameters(head.parameters()), Map.of());
        }
    }

    /**
     * A contender.
     *
     * @throws ConfigurationException when the optimiser that is configured cannot go on from {@code state}
     */
    static GradientContender of(AdaptationConfig config, Goal goal, Heads heads, LaneMemory memory, State state) {
        return new GradientContender(config, goal, heads, memory, state);
    }

    private static void requireUpdater(AdaptationConfig config, HeadState learned) {
        if (!HeadTraining.of(config).canGoOn(learned)) {
            throw ConfigurationException.of(
                    "optimiser.updater must stay the one with which the lane was learned, whose state is %s, but is %s; give the adaptation a new name"
                            .formatted(
                                    learned.optimiser().keySet(),
                                    config.optimiser().updater().name().toLowerCase(Locale.ROOT)));
        }
    }

    @Override
    public List<Answer> predictions(float[][] features) {
        // A name that was admitted since the last step is no output yet.
        return head == null ? List.of() : goal.decode(memory.names().subList(0, head.outputs()), head.logits(features));
    }

    @Override
    public List<Target> targets(List<Example> examples) {
        return network == null || head == null
                ? examples.stream().map(Example::target).toList()
                : network.complete(examples, head);
    }

    @Override
    public double learn(List<StoredSample> samples, SplitMix64 random) {
        // Also without samples: predictions must not depend on whether a checkpoint let the head grow before.
        Head current = grown();
        return samples.isEmpty() ? Double.NaN : train(current, samples, random);
    }

    private double train(Head current, List<StoredSample> samples, SplitMix64 random) {
        List<StoredSample> rows = new ArrayList<>(samples);
        rows.addAll(memory.replayed(random));
        float[][] features = rows.stream().map(StoredSample::features).toArray(float[][]::new);
        if (network != null) {
            network.follow(current, memory.steps());
        }
        float[][] codes = network == null
                ? rows.stream().map(StoredSample::code).toArray(float[][]::new)
                : network.complete(rows, goal.numbers(), current);
        float[][] targets = new float[rows.size()][];
        float[] weights = new float[rows.size()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = goal.encode(codes[i], current.outputs());
            weights[i] = memory.weight(rows.get(i).stratum());
        }
        return current.train(features, targets, weights);
    }

    /** The head with an output for each name known by now. */
    private Head grown() {
        int outputs = memory.names().size();
        Head current = head;
        if (current == null) {
            current = heads.create(outputs);
        } else if (current.outputs() < outputs) {
            Head grown = heads.restore(HeadGrowth.grown(current.state(), outputs));
            current.close();
            current = grown;
        }
        head = current;
        return current;
    }

    @Override
    public Map<String, Tensor.F32> parameters() {
        return grown().state().parameters();
    }

    @Override
    public void write(SectionWriter section) {
        HeadState state = grown().state();
        section.tensors("head", state.parameters());
        section.tensors("optimiser", state.optimiser());
        section.value("iteration", state.iteration());
        section.tensors("target", network == null ? Map.of() : network.parameters());
    }

    @Override
    public void close() {
        if (head != null) {
            head.close();
        }
        if (network != null) {
            network.close();
        }
    }
}
