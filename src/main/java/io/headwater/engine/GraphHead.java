package io.headwater.engine;

import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A head that is a Deeplearning4j graph of dense layers: softmax alone, or one hidden layer of rectified linear units
 * and softmax; trained by an {@link Optimiser}. The loss takes a probability as at least 1e-10.
 */
public final class GraphHead implements Head {
    private final HeadSpec spec;
    private final HeadTraining training;
    private final HeadLayout layout;
    private final DataType type;
    private final WeightedCrossEntropy loss;
    private final ComputationGraph graph;
    private final Dropout dropout;
    /** Null until it is needed: a head that only answers has no use for it. */
    private @Nullable Optimiser optimiser;

    private GraphHead(HeadSpec spec, HeadTraining training, HeadLayout layout, HeadState state, DataType type) {
        this.spec = spec;
        this.training = training;
        this.layout = layout;
        this.type = type;
        this.loss = new WeightedCrossEntropy();
        this.graph = HeadGraph.build(spec, layout, state, loss, type);
        this.dropout = new Dropout(training.dropout(), spec.seed());
        if (!state.optimiser().isEmpty()) {
            optimiser = optimiserFrom(state);
        }
    }

    /**
     * A new head, in the state {@link HeadGrowth#first}, that learns by {@link HeadTraining#DEFAULT}.
     *
     * @param outputs classes, positive
     */
    public static GraphHead create(HeadSpec spec, int outputs) {
        return create(spec, HeadTraining.DEFAULT, outputs);
    }

    /**
     * A new head, in the state {@link HeadGrowth#first}, with the output layer that {@code training} keeps.
     *
     * @param outputs classes, positive
     * @throws IllegalArgumentException when they are not those of the output layer that is kept
     */
    public static GraphHead create(HeadSpec spec, HeadTraining training, int outputs) {
        HeadState first = HeadGrowth.first(spec, outputs);
        return restore(spec, training, HeadState.ofParameters(training.kept().in(first.parameters())));
    }

    /**
     * A head that goes on from {@code state} by {@link HeadTraining#DEFAULT}, bit for bit.
     *
     * @throws IllegalArgumentException when the state is not one of a head of this form, or is not finite
     */
    public static GraphHead restore(HeadSpec spec, HeadState state) {
        return restore(spec, HeadTraining.DEFAULT, state);
    }

    /**
     * A head that goes on from {@code state}, bit for bit.
     *
     * @throws IllegalArgumentException when the state is not one of a head of this form and training, or is not finite
     */
    public static GraphHead restore(HeadSpec spec, HeadTraining training, HeadState state) {
        return restore(spec, training, state, DataType.FLOAT);
    }

    /** As {@link #restore(HeadSpec, HeadTraining, HeadState)}, computing in another precision. */
    static GraphHead restore(HeadSpec spec, HeadTraining training, HeadState state, DataType type) {
        HeadLayout layout = HeadLayout.of(spec, state);
        Optimiser.check(training.optimiser(), layout.parameters(), state);
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
    public float[][] probabilities(float[][] features) {
        if (features.length == 0) {
            return new float[0][];
        }
        try (INDArray input = matrix(values("features", features, inputs()), inputs());
                INDArray output = graph.outputSingle(false, input)) {
            return rows(output);
        } finally {
            graph.clear(); // drops the graph's references to the closed input
        }
    }

    @Override
    public double train(float[][] features, float[][] targets, float[] weights) {
        HeadRows.check(features, targets, weights, outputs());
        float[] input = values("features", features, inputs());
        float[] target = values("targets", targets, outputs());
        Optimiser learning = optimiser();
        dropout.apply(learning.iteration(), input);
        try (INDArray x = matrix(input, inputs());
                INDArray y = matrix(target, outputs());
                INDArray weight = matrix(weights, 1)) {
            loss.weigh(weight);
            graph.setInputs(x);
            graph.setLabels(y);
            graph.computeGradientAndScore();
            graph.getFlattenedGradients().divi(features.length); // the graph sums over the rows
            learning.step();
            return graph.score();
        } finally {
            graph.clear();
            loss.weigh(null);
        }
    }

    @Override
    public HeadState state() {
        Optimiser current = optimiser();
        return new HeadState(layout.parameters().read(graph.params()), current.state(), current.iteration());
    }

    private Optimiser optimiser() {
        Optimiser current = optimiser;
        if (current == null) {
            current = optimiserFrom(HeadState.ofParameters(Map.of()));
            optimiser = current;
        }
        return current;
    }

    private Optimiser optimiserFrom(HeadState state) {
        graph.initGradientsView();
        LiveParameters live = new LiveParameters(layout.parameters(), graph.params(), graph.getFlattenedGradients());
        return Optimiser.restore(
                training.optimiser(),
                spec.learningRate(),
                live,
                state,
                training.kept().parameters());
    }

    /** Frees the arrays one by one: the graph's own close asks for two full garbage collections each time. */
    @Override
    public void close() {
        if (optimiser != null) {
            optimiser.close();
        }
        free(graph.params());
        free(graph.getFlattenedGradients());
    }

    private static void free(@Nullable INDArray array) {
        if (array != null && array.closeable()) {
            array.close();
        }
    }

    private static float[][] rows(INDArray matrix) {
        float[] flat = matrix.data().asFloat(); // one copy; the library's own way makes several arrays a row
        float[][] rows = new float[(int) matrix.rows()][matrix.columns()];
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < rows[row].length; column++) {
                rows[row][column] = flat[(int) (row * matrix.stride(0) + column * matrix.stride(1))];
            }
        }
        return rows;
    }

    /** The rows one after another. */
    private static float[] values(String what, float[][] rows, int width) {
        float[] flat = new float[Math.multiplyExact(rows.length, width)];
        for (int row = 0; row < rows.length; row++) {
            if (rows[row].length != width) {
                throw new IllegalArgumentException(
                        "row " + row + " of " + what + " must have " + width + " values, but has " + rows[row].length);
            }
            System.arraycopy(rows[row], 0, flat, row * width, width);
        }
        for (int i = 0; i < flat.length; i++) {
            if (!Float.isFinite(flat[i])) {
                throw new IllegalArgumentException(
                        "row " + i / width + " of " + what + " must be finite, but holds " + flat[i]);
            }
        }
        return flat;
    }

    private INDArray matrix(float[] values, int width) {
        return Nd4j.create(values, new long[] {values.length / width, width}, 'c')
                .castTo(type);
    }
}
