package io.headwater.engine.dense;

import io.headwater.config.StrategyConfig;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.StepRows;
import io.headwater.engine.learn.DropoutMask;
import io.headwater.engine.learn.Learning;
import io.headwater.engine.learn.LiveParameters;
import io.headwater.engine.learn.Optimiser;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A head that is a Deeplearning4j graph of dense layers: the output layer alone, or preceded by one hidden ReLU layer.
 * It is trained by an {@link Optimiser} with {@link DenseGradients}.
 */
public final class GraphHead implements Head {
    private final HeadSpec spec;
    private final HeadTraining training;
    private final HeadLayout layout;
    private final DataType type;
    private final ObjectiveLoss loss;
    private final ComputationGraph graph;
    private final DropoutMask dropout;
    /** Created when first needed: a head that is used for inference only needs none. */
    private @Nullable Learning learning;

    private @Nullable DenseGradients gradients;

    private GraphHead(HeadSpec spec, HeadTraining training, HeadLayout layout, HeadState state, DataType type) {
        this.spec = spec;
        this.training = training;
        this.layout = layout;
        this.type = type;
        this.loss = new ObjectiveLoss(spec.output().objective());
        this.graph = HeadGraph.build(spec, layout, state, loss, type);
        this.dropout = new DropoutMask(training.dropout(), spec.seed());
        if (!state.optimiser().isEmpty()) {
            learning = learningFrom(state);
        }
    }

    /**
     * Creates a new head in the state {@link HeadGrowth#first}, trained with {@link HeadTraining#DEFAULT}.
     *
     * @param outputs the number of classes, positive
     */
    public static GraphHead create(HeadSpec spec, int outputs) {
        return create(spec, HeadTraining.DEFAULT, outputs);
    }

    /**
     * Creates a new head in the state {@link HeadGrowth#first}, with the output layer that {@code training} keeps.
     *
     * @param outputs the number of classes, positive
     * @throws IllegalArgumentException when the kept output layer has another number of classes
     */
    public static GraphHead create(HeadSpec spec, HeadTraining training, int outputs) {
        HeadState first = HeadGrowth.first(spec, outputs);
        return restore(spec, training, HeadState.ofParameters(training.kept().in(first.parameters())));
    }

    /**
     * Restores a head from {@code state}, to be trained further with {@link HeadTraining#DEFAULT}, bit for bit.
     *
     * @throws IllegalArgumentException when the state does not belong to a head of this form, or is not finite
     */
    public static GraphHead restore(HeadSpec spec, HeadState state) {
        return restore(spec, HeadTraining.DEFAULT, state);
    }

    /**
     * Restores a head from {@code state}; training continues bit for bit.
     *
     * @throws IllegalArgumentException when the state does not belong to a head of this form and training, or is not
     *     finite
     */
    public static GraphHead restore(HeadSpec spec, HeadTraining training, HeadState state) {
        return restore(spec, training, state, DataType.FLOAT);
    }

    /** As {@link #restore(HeadSpec, HeadTraining, HeadState)}, computing in another precision. */
    static GraphHead restore(HeadSpec spec, HeadTraining training, HeadState state, DataType type) {
        HeadLayout layout = HeadLayout.of(spec, state);
        Optimiser.check(training.optimiser(), layout.parameters(), Learning.ofOptimiser(state));
        return new GraphHead(spec, training, layout, state, type);
    }

    @Override
    public int inputs() {
        return layout.inputs();
    }

    @Override
    public int outputs() {
        return layout.outputs();
    }

    @Override
    public float[][] logits(float[][] features) {
        if (features.length == 0) {
            return new float[0][];
        }
        int[] rows = SampleRows.counts(features, inputs(), spec.output().everyPosition());
        try (INDArray input = matrix(SampleRows.flat(features), inputs());
                INDArray output = graph.outputSingle(false, input)) {
            return SampleRows.split(output, rows);
        } finally {
            graph.clear(); // drops the graph's references to the closed input
        }
    }

    @Override
    public double train(float[][] features, float[][] targets, float[] weights) {
        StepRows.check(features, targets, weights);
        int[] rows = SampleRows.counts(features, inputs(), spec.output().everyPosition());
        float[] input = SampleRows.flat(features);
        Learning current = learning();
        dropout.apply(current.iteration(), input);
        loss.teach(targets, weights, rows);
        Objects.requireNonNull(gradients, "a head that learns has gradients").compute(input, loss);
        double mean = loss.stepLoss();
        current.step(mean);
        return mean;
    }

    @Override
    public HeadState state() {
        return learning().state(layout.parameters().read(graph.params()));
    }

    /** Returns a copy of its parameters in Deeplearning4j's order: layer after layer, weights before bias, column-major. */
    float[] flat() {
        return NativeFloats.read(graph.params());
    }

    /** Replaces its parameters by others, in the order of {@link #flat}, that compute the same from features of another scale. */
    void setFlat(float[] parameters) {
        if (learning != null) {
            try (INDArray copy = Nd4j.create(parameters, new long[] {1, parameters.length}, 'c')) {
                learning.converted(copy);
            }
        }
        NativeFloats.write(parameters, graph.params());
    }

    /** Returns the number of steps that it has taken. */
    long iteration() {
        return learning().iteration();
    }

    private Learning learning() {
        Learning current = learning;
        if (current == null) {
            current = learningFrom(HeadState.ofParameters(Map.of()));
            learning = current;
        }
        return current;
    }

    /** All layers are new and trained from the first step on, so there is one group of parameters. */
    private Learning learningFrom(HeadState state) {
        graph.initGradientsView();
        gradients = DenseGradients.of(layout, graph.params(), graph.getFlattenedGradients());
        return Learning.restore(
                training.optimiser(),
                spec.learningRate(),
                training.gradients(),
                StrategyConfig.DEFAULT,
                1,
                new LiveParameters(layout.parameters(), graph.params(), graph.getFlattenedGradients()),
                state,
                training.kept().parameters());
    }

    /**
     * Frees the arrays one by one, because {@code ComputationGraph.close} runs two full garbage collections each time.
     */
    @Override
    public void close() {
        if (learning != null) {
            learning.close();
        }
        if (gradients != null) {
            gradients.close();
        }
        free(graph.params());
        free(graph.getFlattenedGradients());
    }

    private static void free(@Nullable INDArray array) {
        if (array != null && array.closeable()) {
            array.close();
        }
    }

    private INDArray matrix(float[] values, int width) {
        INDArray matrix = Nd4j.createUninitialized(type, values.length / width, width);
        NativeFloats.write(values, matrix);
        return matrix;
    }
}
