package io.headwater.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.engine.device.EngineBuild;
import io.headwater.engine.device.Nd4jRuntime;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Compares Deeplearning4j's convolution, pooling and batch normalisation, forward and backward, with plain loops in
 * double precision: with the binary of the default build, and with oneDNN in the build with {@code -Ponednn}.
 */
class ConvolutionLayersTest {
    private static final LayerWorkspaceMgr HEAP = LayerWorkspaceMgr.noWorkspaces();
    private static final double TOLERANCE = 2e-4;

    @Test
    void shouldComputeWithOneDnnWhereTheBuildSaysSo() {
        Layer layer = layer(new ConvolutionLayer.Builder(3, 3).nOut(2).build(), 1, 4);

        assertThat(layer.getHelper() != null).isEqualTo(EngineBuild.current().oneDnn());
    }

    @Property(tries = 60)
    void shouldConvolve(
            @ForAll @IntRange(min = 1, max = 3) int images,
            @ForAll @IntRange(min = 1, max = 9) int in,
            @ForAll @IntRange(min = 1, max = 9) int out,
            @ForAll @IntRange(min = 3, max = 11) int side,
            @ForAll @IntRange(min = 1, max = 4) int kernel,
            @ForAll @IntRange(min = 1, max = 3) int stride,
            @ForAll @IntRange(max = 2) int padding,
            @ForAll @IntRange(min = 1, max = 2) int dilation,
            @ForAll boolean same,
            @ForAll long seed) {
        int extent = (kernel - 1) * dilation + 1;
        Assume.that(same || (extent <= side + 2 * padding && padding < extent));
        int size = same ? (side + stride - 1) / stride : (side + 2 * padding - extent) / stride + 1;
        // Deeplearning4j rejects inputs of which more than one row is outside all kernel positions.
        Assume.that(!same || (size - 1) * stride + extent >= side - 1);
        int before = same ? Math.max(0, (size - 1) * stride + extent - side) / 2 : padding;
        Random random = new Random(seed);
        Layer layer = layer(
                new ConvolutionLayer.Builder(kernel, kernel)
                        .nOut(out)
                        .stride(stride, stride)
                        .padding(same ? 0 : padding, same ? 0 : padding)
                        .dilation(dilation, dilation)
                        .convolutionMode(same ? ConvolutionMode.Same : ConvolutionMode.Truncate)
                        .activation(Activation.IDENTITY)
                        .build(),
                in,
                side);
        double[][][][] x = random(random, images, in, side);
        double[][][][] w = new double[out][in][kernel][kernel];
        double[] b = new double[out];
        for (int o = 0; o < out; o++) {
            b[o] = set(layer.getParam("b"), random, o);
            for (int c = 0; c < in; c++) {
                for (int k = 0; k < kernel * kernel; k++) {
                    w[o][c][k / kernel][k % kernel] = set(layer.getParam("W"), random, o, c, k / kernel, k % kernel);
                }
            }
        }

        double[][][][] y = new double[images][out][size][size];
        double[][][][] e = random(random, images, out, size);
        double[][][][] dx = new double[images][in][side][side];
        double[][][][] dw = new double[out][in][kernel][kernel];
        double[] db = new double[out];
        for (int n = 0; n < images; n++) {
            for (int o = 0; o < out; o++) {
                for (int p = 0; p < size * size; p++) {
                    int i = p / size;
                    int j = p % size;
                    y[n][o][i][j] += b[o];
                    db[o] += e[n][o][i][j];
                    for (int q = 0; q < in * kernel * kernel; q++) {
                        int c = q / (kernel * kernel);
                        int ki = q / kernel % kernel;
                        int kj = q % kernel;
                        int r = i * stride - before + ki * dilation;
                        int s = j * stride - before + kj * dilation;
                        if (r >= 0 && r < side && s >= 0 && s < side) {
                            y[n][o][i][j] += w[o][c][ki][kj] * x[n][c][r][s];
                            dw[o][c][ki][kj] += e[n][o][i][j] * x[n][c][r][s];
                            dx[n][c][r][s] += e[n][o][i][j] * w[o][c][ki][kj];
                        }
                    }
                }
            }
        }

        assertClose(layer.activate(array(x), true, HEAP), y);
        Pair<Gradient, INDArray> back = layer.backpropGradient(array(e), HEAP);
        assertClose(back.getSecond(), dx);
        assertClose(back.getFirst().getGradientFor("W"), dw);
        for (int o = 0; o < out; o++) {
            assertClose(back.getFirst().getGradientFor("b").getDouble(o), db[o]);
        }
    }

    @Property(tries = 60)
    void shouldPool(
            @ForAll PoolingKind kind,
            @ForAll @IntRange(min = 1, max = 3) int images,
            @ForAll @IntRange(min = 1, max = 17) int channels,
            @ForAll @IntRange(min = 4, max = 11) int side,
            @ForAll @IntRange(min = 1, max = 4) int kernel,
            @ForAll @IntRange(min = 1, max = 3) int stride,
            @ForAll long seed) {
        Random random = new Random(seed);
        Layer layer = layer(
                new SubsamplingLayer.Builder(PoolingType.valueOf(kind.name()))
                        .kernelSize(kernel, kernel)
                        .stride(stride, stride)
                        .build(),
                channels,
                side);
        int size = (side - kernel) / stride + 1;
        double[][][][] x = random(random, images, channels, side);
        double[][][][] y = new double[images][channels][size][size];
        double[][][][] e = random(random, images, channels, size);
        double[][][][] dx = new double[images][channels][side][side];
        for (int n = 0; n < images; n++) {
            for (int c = 0; c < channels; c++) {
                for (int p = 0; p < size * size; p++) {
                    int i = p / size;
                    int j = p % size;
                    int best = 0;
                    double sum = 0;
                    for (int k = 0; k < kernel * kernel; k++) {
                        double value = x[n][c][i * stride + k / kernel][j * stride + k % kernel];
                        sum += value;
                        if (value > x[n][c][i * stride + best / kernel][j * stride + best % kernel]) {
                            best = k;
                        }
                    }
                    if (kind == PoolingKind.MAX) {
                        y[n][c][i][j] = x[n][c][i * stride + best / kernel][j * stride + best % kernel];
                        dx[n][c][i * stride + best / kernel][j * stride + best % kernel] += e[n][c][i][j];
                    } else {
                        y[n][c][i][j] = sum / (kernel * kernel);
                        for (int k = 0; k < kernel * kernel; k++) {
                            dx[n][c][i * stride + k / kernel][j * stride + k % kernel] +=
                                    e[n][c][i][j] / (kernel * kernel);
                        }
                    }
                }
            }
        }

        assertClose(layer.activate(array(x), true, HEAP), y);
        assertClose(layer.backpropGradient(array(e), HEAP).getSecond(), dx);
    }

    @Property(tries = 40)
    void shouldNormaliseByTheBatch(
            @ForAll @IntRange(min = 1, max = 4) int images,
            @ForAll @IntRange(min = 1, max = 17) int channels,
            @ForAll @IntRange(min = 2, max = 8) int side,
            @ForAll boolean training,
            @ForAll long seed) {
        Random random = new Random(seed);
        double epsilon = 1e-5;
        Layer layer = layer(
                new BatchNormalization.Builder().eps(epsilon).useLogStd(false).build(), channels, side);
        double[][][][] x = random(random, images, channels, side);
        double[][][][] e = random(random, images, channels, side);
        double[][][][] y = new double[images][channels][side][side];
        double[][][][] dx = new double[images][channels][side][side];
        double[] dGamma = new double[channels];
        double[] dBeta = new double[channels];
        int count = images * side * side;
        for (int c = 0; c < channels; c++) {
            double gamma = set(layer.getParam("gamma"), random, c);
            double beta = set(layer.getParam("beta"), random, c);
            double mean = set(layer.getParam("mean"), random, c);
            layer.getParam("var").putScalar(new long[] {c}, 0.5f + c / 16f);
            double variance = 0.5 + c / 16.0;
            if (training) {
                mean = 0;
                variance = 0;
                for (int p = 0; p < count; p++) {
                    mean += x[p / (side * side)][c][p / side % side][p % side] / count;
                }
                for (int p = 0; p < count; p++) {
                    double off = x[p / (side * side)][c][p / side % side][p % side] - mean;
                    variance += off * off / count;
                }
            }
            double scale = 1 / Math.sqrt(variance + epsilon);
            for (int p = 0; p < count; p++) {
                int n = p / (side * side);
                int i = p / side % side;
                int j = p % side;
                double standard = (x[n][c][i][j] - mean) * scale;
                y[n][c][i][j] = gamma * standard + beta;
                dGamma[c] += e[n][c][i][j] * standard;
                dBeta[c] += e[n][c][i][j];
            }
            for (int p = 0; p < count; p++) {
                int n = p / (side * side);
                int i = p / side % side;
                int j = p % side;
                double standard = (x[n][c][i][j] - mean) * scale;
                dx[n][c][i][j] = gamma * scale * (e[n][c][i][j] - dBeta[c] / count - standard * dGamma[c] / count);
            }
        }

        assertClose(layer.activate(array(x), training, HEAP), y);
        if (training) {
            Pair<Gradient, INDArray> back = layer.backpropGradient(array(e), HEAP);
            assertClose(back.getSecond(), dx);
            for (int c = 0; c < channels; c++) {
                assertClose(back.getFirst().getGradientFor("gamma").getDouble(c), dGamma[c]);
                assertClose(back.getFirst().getGradientFor("beta").getDouble(c), dBeta[c]);
            }
        }
    }

    /** The kinds of pooling. */
    enum PoolingKind {
        MAX,
        AVG
    }

    private static Layer layer(org.deeplearning4j.nn.conf.layers.Layer layer, int channels, int side) {
        Nd4jRuntime.start();
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new NoOp())
                .list(layer)
                .setInputType(InputType.convolutional(side, side, channels))
                .build());
        net.init();
        net.initGradientsView();
        return net.getLayer(0);
    }

    /** Returns values that are exact floats, so that both sides start from the same numbers. */
    private static double[][][][] random(Random random, int a, int b, int side) {
        double[][][][] values = new double[a][b][side][side];
        for (int p = 0; p < a * b * side * side; p++) {
            values[p / (b * side * side)][p / (side * side) % b][p / side % side][p % side] =
                    (float) random.nextGaussian();
        }
        return values;
    }

    /** Sets a random value. Biases have rank 1; a second index would be silently ignored and hide a mistake. */
    private static double set(INDArray parameters, Random random, long... index) {
        float value = (float) random.nextGaussian();
        parameters.putScalar(index, value);
        return value;
    }

    private static INDArray array(double[][][][] values) {
        INDArray array = Nd4j.create(
                DataType.FLOAT, values.length, values[0].length, values[0][0].length, values[0][0][0].length);
        for (int a = 0; a < values.length; a++) {
            for (int b = 0; b < values[0].length; b++) {
                for (int i = 0; i < values[0][0].length; i++) {
                    for (int j = 0; j < values[0][0][0].length; j++) {
                        array.putScalar(new long[] {a, b, i, j}, values[a][b][i][j]);
                    }
                }
            }
        }
        return array;
    }

    private static void assertClose(INDArray actual, double[][][][] expected) {
        assertThat(actual.shape())
                .containsExactly(expected.length, expected[0].length, expected[0][0].length, expected[0][0][0].length);
        for (int a = 0; a < expected.length; a++) {
            for (int b = 0; b < expected[0].length; b++) {
                for (int i = 0; i < expected[0][0].length; i++) {
                    for (int j = 0; j < expected[0][0][0].length; j++) {
                        assertClose(actual.getDouble(a, b, i, j), expected[a][b][i][j]);
                    }
                }
            }
        }
    }

    private static void assertClose(double actual, double expected) {
        assertThat(Math.abs(actual - expected))
                .as("%s for %s", actual, expected)
                .isLessThanOrEqualTo(TOLERANCE * (1 + Math.abs(expected)));
    }
}
