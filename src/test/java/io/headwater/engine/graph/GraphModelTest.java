package io.headwater.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Recurrent;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GraphModelTest {

    @ParameterizedTest
    @MethodSource("io.headwater.engine.graph.GraphCutTest#models")
    void shouldReadWhatItWrites(GraphModel model) {
        byte[] bytes = model.write();

        GraphModel read = GraphModel.read(bytes);

        assertThat(read.input()).isEqualTo(model.input());
        assertThat(read.vertices()).isEqualTo(model.vertices());
        assertThat(read.output()).isEqualTo(model.output());
        assertThat(read.write()).isEqualTo(bytes);
    }

    @Test
    void shouldReadABatchNormalizationWithoutAMomentum() {
        GraphModel model = GraphModels.resnet(4, 2, 1);
        String json = Objects.requireNonNull(
                Safetensors.read(model.write()).metadata().get(GraphModel.METADATA));
        String before = json.replace(",\"momentum\":0.99", "");
        assertThat(before).isNotEqualTo(json);

        GraphModel read = GraphModel.read(Safetensors.write(model.weights(), Map.of(GraphModel.METADATA, before)));

        assertThat(read.vertices()).isEqualTo(model.vertices());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"epsilon\":0.001,\"momentum\":0.99|\"momentum\":0.99|must have an epsilon",
                "\"momentum\":0.99|\"momentum\":null|momentum",
                "\"momentum\":0.99|\"momentum\":1.5|from 0 to 1",
                "\"momentum\":0.99|\"more\":1|nothing else",
                "\"momentum\":0.99|\"momentum\":\"0.9\"|what it should be"
            })
    void shouldRefuseABatchNormalizationThatBreaksARule(String right, String wrong, String why) {
        GraphModel model = GraphModels.resnet(4, 2, 1);
        String json = Objects.requireNonNull(
                Safetensors.read(model.write()).metadata().get(GraphModel.METADATA));
        assertThat(json).contains(right);
        byte[] bytes = Safetensors.write(model.weights(), Map.of(GraphModel.METADATA, json.replace(right, wrong)));

        assertThatThrownBy(() -> GraphModel.read(bytes))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`\"type\":\"dense\"`|`\"type\":\"java.lang.Runtime\"`|known type ids",
                "`\"units\":4`|`\"units\":4,\"more\":1`|Unrecognized",
                "`\"units\":4`|`\"units\":2147483647`|at most",
                "`\"units\":4`|`\"units\":6`|must have shape",
                "`\"units\":4`|`\"units\":4.5`|what it should be",
                "`\"units\":4`|`\"units\":-1`|must be positive",
                "`\"units\":4`|`\"units\":null`|what it should be",
                "`\"units\":4`|`\"units\":4,\"units\":4`|Duplicate",
                "`\"inputs\":[\"fc\"]`|`\"inputs\":[\"classifier\"]`|must be the input or a vertex before it",
                "`\"inputs\":[\"fc\"]`|`\"inputs\":null`|what it should be",
                "`\"name\":\"fc\"`|`\"name\":\"rnn1\"`|names must be unique",
                "`\"output\":\"classifier\"`|`\"output\":\"none\"`|must be a vertex",
                "`\"steps\":5`|`\"steps\":2147483647`|at most",
                "`\"kind\":\"lstm\"`|`\"kind\":\"gru\"`|what it should be"
            })
    void shouldRefuseAGraphThatBreaksARule(String right, String wrong, String why) {
        GraphModel model = GraphModels.recurrent(Recurrent.Kind.LSTM, 3, 5, 4, 4);
        String json = Objects.requireNonNull(
                Safetensors.read(model.write()).metadata().get(GraphModel.METADATA));
        assertThat(json).contains(right);
        byte[] bytes = Safetensors.write(model.weights(), Map.of(GraphModel.METADATA, json.replace(right, wrong)));

        assertThatThrownBy(() -> GraphModel.read(bytes))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining(why);
    }

    @Test
    void shouldRefuseWeightsThatDoNotFit() {
        GraphModel model = GraphModels.text(1);
        String json = Objects.requireNonNull(
                Safetensors.read(model.write()).metadata().get(GraphModel.METADATA));

        SortedMap<String, Tensor.F32> weights = new TreeMap<>(model.weights());
        weights.remove("rnn/b");
        assertRefused(weights, json, "weight 'rnn/b' must have shape [16], but is missing");
        weights.put("rnn/b", new Tensor.F32(new int[] {15}, new float[15]));
        assertRefused(weights, json, "but has [15]");
        float[] faulty = new float[16];
        faulty[3] = Float.NaN;
        weights.put("rnn/b", new Tensor.F32(new int[] {16}, faulty));
        assertRefused(weights, json, "must be finite, but holds NaN");
        weights.put("rnn/b", new Tensor.F32(new int[] {16}, new float[16]));
        weights.put("other/b", new Tensor.F32(new int[] {1}, new float[1]));
        assertRefused(weights, json, "[other/b] belong to no vertex");
        assertThatThrownBy(() -> GraphModel.read(Safetensors.write(model.weights(), Map.of())))
                .hasMessageContaining("no graph model");
    }

    @Test
    void shouldThrowNothingElseOnDamagedFiles() {
        byte[] valid = GraphModels.resnet(8, 2, 1).write();
        Random random = new Random(1);
        int refused = 0;
        for (int round = 0; round < 500; round++) {
            byte[] damaged = java.util.Arrays.copyOf(valid, valid.length - random.nextInt(3) * random.nextInt(50));
            for (int i = 0; i < 1 + random.nextInt(5); i++) {
                damaged[random.nextInt(3000)] = (byte) (32 + random.nextInt(96));
            }
            try {
                GraphModel.read(damaged);
            } catch (GraphException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(300);
    }

    private static void assertRefused(SortedMap<String, Tensor.F32> weights, String json, String why) {
        byte[] bytes = Safetensors.write(weights, Map.of(GraphModel.METADATA, json));
        assertThatThrownBy(() -> GraphModel.read(bytes))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining(why);
    }
}
