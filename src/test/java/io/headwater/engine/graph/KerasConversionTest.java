package io.headwater.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.engine.graph.convert.GraphModelConverter;
import io.headwater.engine.graph.convert.GraphModelConverter.Limits;
import io.headwater.engine.graph.layer.BatchNorm;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Shape;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares converted files, written in the format of Keras, with plain loops in the layout of Keras: channels last,
 * gates i, f, c, o.
 */
class KerasConversionTest {
    private static final Limits LIMITS = new Limits(1 << 20, 512, Duration.ofMinutes(2));

    private final Random random = new Random(5);
    private final Map<String, Object> weights = new LinkedHashMap<>();

    @TempDir
    Path folder;

    @Test
    void shouldConvertAnImageModel() throws Exception {
        float[][][][] kernel = tensor("conv", "kernel:0", new float[3][3][2][4]);
        float[] bias = vector("conv", "bias:0", 4);
        float[] mean = vector("bn", "moving_mean:0", 4);
        float[] var = vector("bn", "moving_variance:0", 4);
        float[] beta = vector("bn", "beta:0", 4);
        float[][] dense = matrix("fc", "kernel:0", 3 * 3 * 4, 3);

        GraphModel model = convert("""
                {"class_name": "Functional", "config": {"name": "model", "layers": [
                  {"class_name": "InputLayer", "name": "in", "config": {"batch_input_shape": [null, 6, 5, 2]},
                   "inbound_nodes": []},
                  {"class_name": "Conv2D", "name": "conv", "config": {"filters": 4, "kernel_size": [3, 3],
                   "strides": [2, 2], "padding": "same", "data_format": "channels_last", "groups": 1,
                   "activation": "linear", "use_bias": true}, "inbound_nodes": [[["in", 0, 0, {}]]]},
                  {"class_name": "BatchNormalization", "name": "bn", "config": {"axis": [3], "epsilon": 0.01,
                   "momentum": 0.9, "scale": false}, "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__",
                   "config": {"shape": [null, 3, 3, 4], "keras_history": ["conv", 0, 0]}}], "kwargs": {}}]},
                  {"class_name": "ReLU", "name": "relu", "config": {"max_value": null, "threshold": 0.0},
                   "inbound_nodes": [[["bn", 0, 0, {}]]]},
                  {"class_name": "Flatten", "name": "flat", "config": {}, "inbound_nodes": [[["relu", 0, 0, {}]]]},
                  {"class_name": "Dropout", "name": "drop", "config": {"rate": 0.5},
                   "inbound_nodes": [[["flat", 0, 0, {}]]]},
                  {"class_name": "Dense", "name": "fc", "config": {"units": 3, "activation": "softmax",
                   "use_bias": false}, "inbound_nodes": [[["drop", 0, 0, {}]]]}],
                 "input_layers": [["in", 0, 0]], "output_layers": [["fc", 0, 0]]}}
                """);

        assertThat(Objects.requireNonNull(model.vertex("bn")).operation()).isEqualTo(new BatchNorm(0.01, 0.9));
        float[][][] image = new float[6][5][2];
        float[] channelsFirst = new float[60];
        for (int i = 0; i < 60; i++) {
            float value = (float) random.nextGaussian();
            image[i / 10][i / 2 % 5][i % 2] = value;
            channelsFirst[i % 2 * 30 + i / 2] = value;
        }
        double[] logits = new double[3];
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 3; x++) {
                for (int o = 0; o < 4; o++) {
                    double sum = bias[o];
                    for (int a = 0; a < 3; a++) {
                        for (int b = 0; b < 3; b++) {
                            // 6 rows need one row of zeros, at the bottom; 5 columns need one column at each side.
                            int row = 2 * y + a;
                            int column = 2 * x + b - 1;
                            for (int i = 0; row < 6 && column >= 0 && column < 5 && i < 2; i++) {
                                sum += image[row][column][i] * kernel[a][b][i][o];
                            }
                        }
                    }
                    double feature = Math.max(0, (sum - mean[o]) / Math.sqrt(var[o] + 0.01) + beta[o]);
                    for (int k = 0; k < 3; k++) {
                        logits[k] += feature * dense[(y * 3 + x) * 4 + o][k];
                    }
                }
            }
        }
        assertThat(model.input().shape()).isEqualTo(new Shape.Image(2, 6, 5));
        float[] actual = GraphCutTest.forward(model, "in", "fc", new float[][] {channelsFirst})[0];
        double all = Math.exp(logits[0]) + Math.exp(logits[1]) + Math.exp(logits[2]);
        for (int k = 0; k < 3; k++) {
            assertThat((double) actual[k]).isCloseTo(Math.exp(logits[k]) / all, within(1e-5));
        }
    }

    @Test
    void shouldConvertARecurrentModel() throws Exception {
        int units = 3;
        float[][] kernel = matrix("lstm", "kernel:0", 2, 4 * units);
        float[][] recurrent = matrix("lstm", "recurrent_kernel:0", units, 4 * units);
        float[] bias = vector("lstm", "bias:0", 4 * units);

        GraphModel model = convert("""
                {"class_name": "Sequential", "config": {"name": "s", "layers": [
                  {"class_name": "LSTM", "config": {"name": "lstm", "batch_input_shape": [null, null, 2], "units": 3,
                   "activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": true,
                   "return_sequences": false, "go_backwards": false, "stateful": false}}]}}
                """);

        float[] steps = {0.5f, -1, 2, 0.3f, -0.7f, 0.1f, 1, 1};
        double[] h = new double[units];
        double[] c = new double[units];
        for (int step = 0; step < 4; step++) {
            double[] z = new double[4 * units];
            for (int o = 0; o < z.length; o++) {
                z[o] = bias[o] + steps[2 * step] * kernel[0][o] + steps[2 * step + 1] * kernel[1][o];
                for (int i = 0; i < units; i++) {
                    z[o] += h[i] * recurrent[i][o];
                }
            }
            for (int i = 0; i < units; i++) {
                c[i] = sigmoid(z[units + i]) * c[i] + sigmoid(z[i]) * Math.tanh(z[2 * units + i]);
                h[i] = sigmoid(z[3 * units + i]) * Math.tanh(c[i]);
            }
        }
        assertThat(model.input().shape()).isEqualTo(new Shape.Sequence(2, 0));
        float[] actual = GraphCutTest.forward(model, "lstm-input", "lstm", new float[][] {steps})[0];
        for (int i = 0; i < units; i++) {
            assertThat((double) actual[i]).isCloseTo(h[i], within(1e-5));
        }
    }

    @Test
    void shouldConvertASeparableConvolution() throws Exception {
        float[][][][] deep = tensor("sep", "depthwise_kernel:0", new float[2][2][3][2]);
        float[][][][] wide = tensor("sep", "pointwise_kernel:0", new float[1][1][6][2]);

        GraphModel model = convert("""
                {"class_name": "Sequential", "config": [
                  {"class_name": "SeparableConv2D", "config": {"name": "sep", "batch_input_shape": [null, 2, 2, 3],
                   "filters": 2, "kernel_size": [2, 2], "strides": [1, 1], "padding": "valid", "depth_multiplier": 2,
                   "activation": "tanh", "use_bias": false}},
                  {"class_name": "GlobalAveragePooling2D", "config": {"name": "mean", "keepdims": false}}]}
                """);

        float[] image = new float[12]; // channels first: 4 positions each
        for (int i = 0; i < 12; i++) {
            image[i] = (float) random.nextGaussian();
        }
        float[] actual = GraphCutTest.forward(model, "sep-input", "mean", new float[][] {image})[0];
        for (int o = 0; o < 2; o++) {
            double sum = 0;
            for (int middle = 0; middle < 6; middle++) {
                double inner = 0;
                for (int place = 0; place < 4; place++) {
                    inner += image[middle / 2 * 4 + place] * deep[place / 2][place % 2][middle / 2][middle % 2];
                }
                sum += inner * wide[0][0][middle][o];
            }
            assertThat((double) actual[o]).isCloseTo(Math.tanh(sum), within(1e-5));
        }
    }

    @Test
    void shouldNameALayerThatItDoesNotKnow() {
        assertThatThrownBy(() -> convert("""
                {"class_name": "Sequential", "config": [
                  {"class_name": "GRU", "config": {"name": "gru", "batch_input_shape": [null, 4, 2]}}]}
                """))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("layer 'gru' is of type GRU");
        assertThatThrownBy(() -> convert("{\"class_name\": \"Own\"}")).hasMessageContaining("'Own'");
        assertThatThrownBy(() -> convert("{]")).hasMessageContaining("must be JSON");
        assertThatThrownBy(() -> convert("""
                {"class_name": "Sequential", "config": [
                  {"class_name": "Dense", "config": {"name": "fc", "batch_input_shape": [null, 4], "units": 2}}]}
                """)).hasMessageContaining("layer 'fc' (Dense) must have a weight 'kernel'");
    }

    /** The first object says that its header has more than a gigabyte. */
    @Test
    void shouldNotTakeMemoryForALengthBeyondTheFile() throws Exception {
        convert("""
                {"class_name": "Sequential", "config": [
                  {"class_name": "Flatten", "config": {"name": "f", "batch_input_shape": [null, 4]}}]}
                """);
        byte[] file = Files.readAllBytes(folder.resolve("model.h5"));
        int header = new String(file, StandardCharsets.ISO_8859_1).indexOf("OHDR");
        file[header + 9] = 0x40;
        Path declaring = Files.write(folder.resolve("declaring.h5"), file);

        assertThatThrownBy(() -> GraphModelConverter.convert(declaring, folder.resolve("out"), null, LIMITS))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("the file is damaged")
                .hasMessageNotContaining("memory");
    }

    @Test
    void shouldSurviveDamagedFiles() throws Exception {
        matrix("fc", "kernel:0", 4, 2);
        vector("fc", "bias:0", 2);
        convert("""
                {"class_name": "Sequential", "config": [
                  {"class_name": "Dense", "config": {"name": "fc", "batch_input_shape": [null, 4], "units": 2}}]}
                """);
        byte[] valid = Files.readAllBytes(folder.resolve("model.h5"));
        for (int round = 0; round < 4; round++) {
            byte[] damaged = valid.clone();
            for (int i = 0; i < 30; i++) {
                damaged[8 + random.nextInt(damaged.length - 8)] = (byte) random.nextInt();
            }
            Path file = Files.write(folder.resolve("damaged.h5"), damaged);
            try {
                // If it can still be read, it is a model with finite weights.
                assertThat(GraphModelConverter.convert(file, folder.resolve("out"), null, LIMITS)
                                .model()
                                .vertices())
                        .hasSize(1);
            } catch (GraphException e) {
                assertThat(e).hasMessageContaining("damaged.h5");
            }
        }
    }

    private GraphModel convert(String configuration) throws IOException {
        Path file = folder.resolve("model.h5");
        try (WritableHdfFile h5 = HdfFile.write(file)) {
            h5.putAttribute("model_config", configuration);
            WritableGroup all = h5.putGroup("model_weights");
            Map<String, WritableGroup> groups = new LinkedHashMap<>();
            weights.forEach((name, values) -> {
                int slash = name.indexOf('/');
                groups.computeIfAbsent(
                                name.substring(0, slash),
                                layer -> all.putGroup(layer).putGroup(layer))
                        .putDataset(name.substring(slash + 1), values);
            });
        }
        return GraphModelConverter.convert(file, folder.resolve("model.safetensors"), null, LIMITS)
                .model();
    }

    private float[][][][] tensor(String layer, String name, float[][][][] values) {
        for (float[][][] a : values) {
            for (float[][] b : a) {
                for (float[] c : b) {
                    fill(c);
                }
            }
        }
        weights.put(layer + "/" + name, values);
        return values;
    }

    private float[][] matrix(String layer, String name, int rows, int columns) {
        float[][] values = new float[rows][columns];
        for (float[] row : values) {
            fill(row);
        }
        weights.put(layer + "/" + name, values);
        return values;
    }

    private float[] vector(String layer, String name, int size) {
        float[] values = new float[size];
        fill(values);
        for (int i = 0; i < size && name.startsWith("moving_variance"); i++) {
            values[i] = Math.abs(values[i]) + 0.5f;
        }
        weights.put(layer + "/" + name, values);
        return values;
    }

    private void fill(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() / 2;
        }
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
