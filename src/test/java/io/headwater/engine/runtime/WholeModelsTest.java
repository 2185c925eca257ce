package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.OptimiserConfig;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.Heads;
import io.headwater.engine.Objective;
import io.headwater.engine.OutputActivation;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.Softmax;
import io.headwater.engine.family.ConvNet;
import io.headwater.engine.family.FamilyModel;
import io.headwater.engine.family.Perceptron;
import io.headwater.engine.family.Perceptron.Activation;
import io.headwater.engine.family.RecurrentLanguage;
import io.headwater.engine.family.Transformer;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests models of every family with all layers trained. */
class WholeModelsTest {
    private static final int OUTPUTS = 11;
    private static final int SAMPLES = 5;
    private static final float STEP = 5e-4f;
    /** Adam's first moment after one step, as a fraction of the gradient. */
    private static final float SHARE = 0.1f;

    /** One small model of each family. */
    enum Family {
        BERT(new Transformer(2, 8, 2, OUTPUTS, 16).bert(3), true),
        GPT(new Transformer(2, 8, 2, OUTPUTS, 16).gpt(3), true),
        ELMO(new RecurrentLanguage(2, 8, OUTPUTS).elmo(3), true),
        IMAGES(new ConvNet(3, 8, 8, 4, 1, OUTPUTS).model("resnet", "image", 3), false),
        SOUNDS(new ConvNet(1, 9, 12, 4, 1, OUTPUTS).model("mel-cnn", "frames", 3), false),
        POLICY(new Perceptron(6, List.of(7, 5), OUTPUTS, Activation.TANH).model("mlp", "seen", "values", 3), false);

        private final FamilyModel model;
        private final boolean hasTokens;

        Family(FamilyModel model, boolean hasTokens) {
            this.model = model;
            this.hasTokens = hasTokens;
        }

        Heads heads(double learningRate) {
            OutputLayer output = new OutputLayer(new RowsObjective(), hasTokens, OutputActivation.SOFTMAX);
            return WholeModels.of(model, output, new WholeModels.Rule(OptimiserConfig.DEFAULT, learningRate, 3, 1));
        }

        /** The two stacks of ELMo each predict a token. */
        int outputs() {
            return this == ELMO ? 2 * OUTPUTS : OUTPUTS;
        }

        float[][] rows() {
            Random random = new Random(7);
            float[][] rows = new float[SAMPLES][];
            for (int i = 0; i < rows.length; i++) {
                int length = hasTokens ? 3 + 2 * i : Math.toIntExact(size());
                rows[i] = new float[length];
                for (int k = 0; k < length; k++) {
                    rows[i][k] = hasTokens ? random.nextInt(OUTPUTS) : (float) random.nextGaussian();
                }
            }
            return rows;
        }

        private long size() {
            return Arrays.stream(model.input().shape()).skip(1).reduce(1, Math::multiplyExact);
        }
    }

    /** The mean cross-entropy over the rows of logits; a target holds the class index of each row. */
    private static final class RowsObjective implements Objective {
        @Override
        public double gradient(double[] logits, int outputs, float[] target, double[] gradient) {
            double loss = 0;
            int rows = logits.length / outputs;
            for (int row = 0; row < rows; row++) {
                double[] probabilities =
                        Softmax.ofRow(logits, row * outputs, outputs).probabilities();
                for (int k = 0; k < outputs; k++) {
                    boolean is = k == (int) target[row];
                    gradient[row * outputs + k] = (probabilities[k] - (is ? 1 : 0)) / rows;
                    loss -= is ? StrictMath.log(probabilities[k]) / rows : 0;
                }
            }
            return loss;
        }
    }

    private static float[][] targets(float[][] rows, boolean hasTokens) {
        float[][] targets = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            targets[i] = new float[hasTokens ? rows[i].length : 1];
            for (int k = 0; k < targets[i].length; k++) {
                targets[i][k] = (3 * i + k) % OUTPUTS;
            }
        }
        return targets;
    }

    private static double train(Family family, Head head) {
        float[][] rows = family.rows();
        float[] weights = new float[rows.length];
        Arrays.fill(weights, 1);
        return head.train(rows, targets(rows, family.hasTokens), weights);
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveTheGradientsOfTheLossDownToTheInput(Family family) {
        try (Heads heads = family.heads(1e-3);
                Head head = heads.create(family.outputs())) {
            // Moved away from the initial zeros of the output layer, with which the layers below have no gradient.
            for (int step = 0; step < 3; step++) {
                train(family, head);
            }
            Map<String, Tensor.F32> parameters = head.state().parameters();
            try (Head fresh = heads.restore(HeadState.ofParameters(parameters))) {
                train(family, fresh);
                Map<String, Tensor.F32> moments = fresh.state().optimiser();
                moments.forEach((name, moment) -> {
                    if (!name.startsWith("adam.m/")) {
                        return;
                    }
                    String parameter = name.substring("adam.m/".length());
                    for (int i = 0; i < moment.values().length; i += Math.max(1, moment.values().length / 3)) {
                        double here = loss(family, heads, parameters, parameter, i, 0);
                        double up = (loss(family, heads, parameters, parameter, i, STEP) - here) / STEP;
                        double down = (here - loss(family, heads, parameters, parameter, i, -STEP)) / STEP;
                        double tolerance = 2e-3 + 0.02 * Math.abs(up);
                        assertThat((double) moment.values()[i] / SHARE)
                                .as(parameter + " " + i)
                                .isBetween(Math.min(up, down) - tolerance, Math.max(up, down) + tolerance);
                    }
                });
            }
        }
    }

    private static double loss(
            Family family, Heads heads, Map<String, Tensor.F32> parameters, String name, int at, float by) {
        Map<String, Tensor.F32> moved = new TreeMap<>(parameters);
        moved.computeIfPresent(name, (same, tensor) -> {
            float[] values = tensor.values().clone();
            values[at] += by;
            return new Tensor.F32(tensor.shape(), values);
        });
        try (Head head = heads.restore(HeadState.ofParameters(moved))) {
            return train(family, head);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLearnByHeart(Family family) {
        try (Heads heads = family.heads(0.01);
                Head head = heads.create(family.outputs())) {
            double first = train(family, head);
            for (int step = 0; step < 60; step++) {
                train(family, head);
            }

            assertThat(train(family, head)).isLessThan(0.8 * first);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteTheSameFileForTheSameWeights(Family family) {
        byte[] file = WholeModels.file(family.model, WholeModels.first(family.model));

        assertThat(WholeModels.file(family.model, WholeModels.first(family.model)))
                .isEqualTo(file);
        assertThat(file.length).isGreaterThan((int) (4 * family.model.size()));
    }
}
