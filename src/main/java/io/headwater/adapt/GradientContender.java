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

/** A head that is trained by steps of an optimiser, each on new and replayed samples. */
final class GradientContender implements Contender {
    /** The name of its section in the checkpoint. */
    static final String NAME = "gradient";

    private final Goal goal;
    private final Heads heads;
    private final LaneMemory memory;
    private final @Nullable TargetNetwork network;
    private final WarmStart warmStart;
    private final Remembering remembering;
    private final int steps;
    private @Nullable Head head;

    private GradientContender(AdaptationConfig config, Goal goal, Heads heads, LaneMemory memory, State state) {
        requireUpdater(config, state.head());
        this.goal = goal;
        this.heads = heads;
        this.memory = memory;
        this.network = goal instanceof Bootstrap bootstrap ? new TargetNetwork(bootstrap, heads, state.target()) : null;
        this.warmStart = WarmStart.of(config, goal, heads, memory);
        this.remembering = Remembering.of(config, heads, memory, state.former());
        this.steps = config.training().gradients().steps();
        this.head = state.head().parameters().isEmpty() ? null : heads.restore(state.head());
    }

    /**
     * The state from which training continues.
     *
     * @param head weights and optimiser state; without weights before the first step
     * @param target weights of the target network; empty when the goal has none or when it has not been initialised
     * @param former weights of the former version that is remembered; empty when there is none
     */
    record State(HeadState head, Map<String, Tensor.F32> target, Map<String, Tensor.F32> former) {
        /** The state before any training. */
        static final State UNTRAINED = new State(HeadState.ofParameters(Map.of()), Map.of(), Map.of());

        static State read(SectionReader section) {
            HeadState head = new HeadState(
                    section.tensors("head"), section.tensors("optimiser"), section.value("iteration", Long::valueOf));
            return new State(head, section.tensors("target"), section.tensors("former"));
        }

        /**
         * Returns the state with which another lane starts. The version from which it starts is its former version.
         *
         * @param keepsOptimiser whether the optimiser state is kept
         */
        State asStart(boolean keepsOptimiser) {
            return new State(
                    keepsOptimiser ? head : HeadState.ofParameters(head.parameters()), Map.of(), head.parameters());
        }
    }

    /**
     * Creates a contender.
     *
     * @throws ConfigurationException when the configured optimiser cannot continue from {@code state}
     * @throws IllegalArgumentException when {@code state} is not that of a head of {@code heads}
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
        // Names that were admitted since the last step have no output yet.
        return head == null || !memory.isAnyVisible(head.outputs())
                ? List.of()
                : memory.answers(head.logits(features), head.outputs());
    }

    @Override
    public List<Target> targets(List<Example> examples) {
        return network == null || head == null
                ? examples.stream().map(Example::target).toList()
                : network.complete(examples, head);
    }

    @Override
    public double learn(List<StoredSample> samples, SplitMix64 random) {
        // Done even without samples: predictions must not depend on whether a checkpoint has already extended the head.
        Head current = grown();
        if (samples.isEmpty()) {
            return Double.NaN;
        }
        if (warmStart.covers(current, samples)) {
            warmStart.started(current, samples).ifPresent(started -> {
                current.close();
                head = started;
            });
            return Double.NaN;
        }
        current.observe(samples.stream().map(StoredSample::features).toArray(float[][]::new));
        double loss = train(current, samples, random);
        for (int step = 1; step < steps; step++) {
            train(current, samples, random);
        }
        remembering.learned(current);
        return loss;
    }

    /** Takes one step on new samples and on replayed ones, which are drawn anew for each step. */
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
        for (int i = 0; i < targets.length; i++) {
            targets[i] = goal.encode(codes[i], current.outputs());
        }
        return current.train(
                features, remembering.targets(rows, samples.size(), targets), memory.weights(rows, samples.size()));
    }

    @Override
    public List<StoredSample> kept(List<StoredSample> samples) {
        return remembering.kept(samples, head);
    }

    /** Returns the head, extended to have an output for each known name. */
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
    public void replayFrom(long number) {
        memory.forgetBefore(number);
        remembering.forget();
    }

    @Override
    public Map<String, Tensor.F32> parameters() {
        return grown().state().parameters();
    }

    @Override
    public String section() {
        return NAME;
    }

    @Override
    public void write(SectionWriter section) {
        HeadState state = grown().state();
        section.tensors("head", state.parameters());
        section.tensors("optimiser", state.optimiser());
        section.value("iteration", state.iteration());
        section.tensors("target", network == null ? Map.of() : network.parameters());
        section.tensors("former", remembering.former());
    }

    @Override
    public void close() {
        if (head != null) {
            head.close();
        }
        if (network != null) {
            network.close();
        }
        remembering.close();
    }
}
