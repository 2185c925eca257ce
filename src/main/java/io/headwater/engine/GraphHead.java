package io.headwater.engine;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A head that is a Deeplearning4j graph of dense layers: softmax alone, or one hidden layer of rectified linear units
 * and softmax; trained by Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015). The loss takes a
 * probability as at least 1e-10.
 */
public final class GraphHead implements Head {
    /** Rows of targets may differ from 1 by rounding only: the gradient of softmax is right for sums of 1 alone. */
    private static final float TARGET_TOLERANCE = 1e-4f;

    private final HeadLayout layout;
    private final DataType type;
    private final WeightedCrossEntropy loss;
    private final ComputationGraph graph;

    private GraphHead(HeadLayout layout, WeightedCrossEntropy loss, ComputationGraph graph, DataType type) {
        this.loss = loss;
        this.layout = layout;
        this.graph = graph;
        this.type = type;
    }

    /**
     * A new head, in the state {@link HeadGrowth#first}.
     *
     * @param outputs classes, positive
     */
    public static GraphHead create(HeadSpec spec, int outputs) {
        return restore(spec, HeadGrowth.first(spec, outputs));
    }

    /**
     * A head that goes on from {@code state}, bit for bit.
     *
     * @throws IllegalArgumentException when the state is not one of a head of this form, or is not finite
     */
    public static GraphHead restore(HeadSpec spec, HeadState state) {
        return restore(spec, state, DataType.FLOAT);
    }

    /** As {@link #restore(HeadSpec, HeadState)}, computing in another precision. */
    static GraphHead restore(HeadSpec spec, HeadState state, DataType type) {
        HeadLayout layout = HeadLayout.of(spec, state);
        WeightedCrossEntropy loss = new WeightedCrossEntropy();
        return new GraphHead(layout, loss, HeadGraph.build(spec, layout, state, loss, type), type);
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
        try (INDArray input = matrix("features", features, inputs());
                INDArray output = graph.outputSingle(false, input)) {
            return rows(output);
        } finally {
            graph.clear(); // drops the graph's references to the closed input
        }
    }

    @Override
    public double train(float[][] features, float[][] targets, float[] weights) {
        if (features.length == 0 || targets.length != features.length || weights.length != features.length) {
            throw new IllegalArgumentException(
                    "a step needs as many targets and weights as features, at least 1, but has "
                            + features.length + " rows of features, " + targets.length + " of targets and "
                            + weights.length
                            + " weights");
        }
        checkTargets(targets, weights);
        try (INDArray input = matrix("features", features, inputs());
                INDArray target = matrix("targets", targets, outputs());
                INDArray weight = Nd4j.create(weights, new long[] {weights.length, 1}, 'c')
                        .castTo(type)) {
            loss.weigh(weight);
            graph.fit(new INDArray[] {input}, new INDArray[] {target});
            return graph.score();
        } finally {
            graph.clear();
            loss.weigh(null);
        }
    }

    @Override
    public HeadState state() {
        float[] moments = copy(HeadGraph.moments(graph));
        int n = layout.size();
        Map<String, Tensor.F32> optimiser =
                new TreeMap<>(layout.named(Arrays.copyOf(moments, n), HeadLayout.FIRST_MOMENT));
        optimiser.putAll(layout.named(Arrays.copyOfRange(moments, n, 2 * n), HeadLayout.SECOND_MOMENT));
        return new HeadState(
                layout.named(copy(graph.params()), ""),
                optimiser,
                graph.getConfiguration().getIterationCount());
    }

    /** Frees the arrays one by one: the graph's own close asks for two full garbage collections each time. */
    @Override
    public void close() {
        free(graph.params());
        free(graph.getFlattenedGradients());
        ComputationGraphUpdater updater = graph.getUpdater(false);
        free(updater == null ? null : updater.getStateViewArray());
    }

    private static void free(@Nullable INDArray array) {
        if (array != null && array.closeable()) {
            array.close();
        }
    }

    private static float[] copy(INDArray live) {
        try (INDArray copy = live.dup()) {
            return copy.data().asFloat();
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

    private INDArray matrix(String what, float[][] rows, int width) {
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
        return Nd4j.create(flat, new long[] {rows.length, width}, 'c').castTo(type);
    }

    private static void checkTargets(float[][] targets, float[] weights) {
        for (int row = 0; row < targets.length; row++) {
            float sum = 0;
            for (float p : targets[row]) {
                sum += p;
            }
            if (!(Math.abs(sum - 1) <= TARGET_TOLERANCE)) {
                throw new IllegalArgumentException("row " + row + " of targets must sum to 1, but sums to " + sum);
            }
            if (!(weights[row] > 0 && Float.isFinite(weights[row]))) {
                throw new IllegalArgumentException("weight " + row + " must be positive, but is " + weights[row]);
            }
        }
    }
}
