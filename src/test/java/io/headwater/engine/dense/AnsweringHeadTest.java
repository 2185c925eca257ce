package io.headwater.engine.dense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnsweringHeadTest {
    private static final int INPUTS = 7;

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void shouldAnswerAsAGraphOfItsOwnWhileOthersAnswerToo(int hidden) {
        HeadSpec spec = new HeadSpec(INPUTS, hidden, 0.01, 7);
        float[][] features = {features(1), features(2), features(3)};
        try (GraphHeads heads = new GraphHeads(spec)) {
            Map<String, Tensor.F32> first = parameters(spec, 3, 4);
            Map<String, Tensor.F32> second = parameters(spec, 3, 5);
            Map<String, Tensor.F32> wider = parameters(spec, 4, 6);
            Head one = heads.answering(first);
            Head other = heads.answering(second);
            try (Head third = heads.answering(wider)) {
                for (int i = 0; i < 2; i++) {
                    assertThat(one.logits(features)).isDeepEqualTo(own(spec, first, features));
                    assertThat(other.logits(features)).isDeepEqualTo(own(spec, second, features));
                    assertThat(third.logits(features)).isDeepEqualTo(own(spec, wider, features));
                }
            }
            other.close();
            assertThat(one.logits(features)).isDeepEqualTo(own(spec, first, features));
            assertThat(one.state().parameters()).isEqualTo(first);
            one.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 2, 1", "16, 1, 16", "16, 2, 1", "16, 2, 15", "64, 5, 33", "100, 17, 8", "384, 3, 16", "768, 50, 7"})
    void shouldGiveTheBitsOfAGraph(int inputs, int outputs, int rows) {
        HeadSpec spec = new HeadSpec(inputs, 0, 0.01, 7);
        Map<String, Tensor.F32> parameters = parameters(spec, outputs, 1);
        float[][] features =
                IntStream.range(0, rows).mapToObj(row -> features(row, inputs)).toArray(float[][]::new);
        try (GraphHeads heads = new GraphHeads(spec);
                Head head = heads.answering(parameters)) {
            assertThat(head.logits(features)).isDeepEqualTo(own(spec, parameters, features));
        }
    }

    @Test
    void shouldRefuseParametersOfAnotherForm() {
        try (GraphHeads heads = new GraphHeads(new HeadSpec(INPUTS, 0, 0.01, 7))) {
            Map<String, Tensor.F32> foreign = parameters(new HeadSpec(INPUTS + 1, 0, 0.01, 7), 3, 1);
            assertThatIllegalArgumentException().isThrownBy(() -> heads.answering(foreign));
        }
    }

    private static float[][] own(HeadSpec spec, Map<String, Tensor.F32> parameters, float[][] features) {
        try (GraphHead head = GraphHead.restore(spec, HeadState.ofParameters(parameters))) {
            return head.logits(features);
        }
    }

    private static Map<String, Tensor.F32> parameters(HeadSpec spec, int outputs, int seed) {
        Random random = new Random(seed);
        Map<String, Tensor.F32> parameters =
                new TreeMap<>(new HeadLayout(spec.inputs(), spec.hidden(), outputs).zeros());
        parameters.replaceAll((name, zeros) -> {
            float[] values = new float[zeros.values().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return new Tensor.F32(zeros.shape(), values);
        });
        return parameters;
    }

    private static float[] features(int seed) {
        return features(seed, INPUTS);
    }

    private static float[] features(int seed, int inputs) {
        Random random = new Random(seed);
        float[] features = new float[inputs];
        for (int i = 0; i < inputs; i++) {
            features[i] = (float) random.nextGaussian();
        }
        return features;
    }
}
