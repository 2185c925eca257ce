package io.headwater.adapt.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.adapt.memory.StoredSample;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.task.LinearTarget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Tests what of the weights of contenders depends on the order of the samples. */
class RuleTest {
    private static final int WIDTH = 6;
    private static final int OUTPUTS = 3;

    /** Weights that are computed from exact sums alone. */
    @ParameterizedTest
    @EnumSource(names = {"DISCRIMINANT", "SCALED_DISCRIMINANT", "RIDGE_CLASSIFIER", "LABELS", "RIDGE"})
    void shouldSolveForTheSameBitsInAnyOrder(Rule rule) {
        List<StoredSample> samples = samples(rule, 120);

        assertThat(solved(rule, samples, 7)).isEqualTo(solved(rule, shuffled(samples), 16));
    }

    /** The sums of logistic regression over samples in memory are rounded, so that the last digits may differ. */
    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = ".*LOGISTIC")
    void shouldFitTheSameWeightsInAnyOrderExceptForRounding(Rule rule) {
        List<StoredSample> samples = samples(rule, 120);
        List<Float> one = solved(rule, samples, 7);
        List<Float> other = solved(rule, shuffled(samples), 16);

        assertThat(other).hasSameSizeAs(one);
        for (int i = 0; i < one.size(); i++) {
            assertThat(other.get(i)).isCloseTo(one.get(i), within(1e-3f));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DISCRIMINANT", "LABELS", "RIDGE"})
    void shouldSolveForTheSameBitsAsWithoutASampleThatWasRemoved(Rule rule) {
        List<StoredSample> samples = samples(rule, 60);
        Window window = Window.empty(kind(rule), WIDTH, 0);
        window.add(samples);
        window.remove(samples.subList(20, 24));
        List<StoredSample> rest = new ArrayList<>(samples);
        rest.subList(20, 24).clear();

        assertThat(solved(rule, window, rest)).isEqualTo(solved(rule, rest, 5));
    }

    private static List<StoredSample> shuffled(List<StoredSample> samples) {
        List<StoredSample> shuffled = new ArrayList<>(samples);
        Collections.shuffle(shuffled, new Random(2));
        return shuffled;
    }

    private static LinearTarget kind(Rule rule) {
        return switch (rule) {
            case LABELS -> LinearTarget.LABELS;
            case RIDGE -> LinearTarget.NUMBERS;
            default -> LinearTarget.CLASSES;
        };
    }

    private static List<StoredSample> samples(Rule rule, int count) {
        Random random = new Random(1);
        List<StoredSample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] features = new float[WIDTH];
            for (int f = 0; f < WIDTH; f++) {
                features[f] = (float) random.nextGaussian();
            }
            int label = random.nextInt(OUTPUTS);
            float[] code = switch (kind(rule)) {
                case CLASSES -> new float[] {label};
                case LABELS -> label == 0 ? new float[0] : new float[] {0, label};
                case NUMBERS -> new float[] {features[0], label, -features[1]};
            };
            features[label] += 1;
            samples.add(new StoredSample(features, code, 0, i + 1, new float[0]));
        }
        return samples;
    }

    private static List<Float> solved(Rule rule, List<StoredSample> samples, int step) {
        Window window = Window.empty(kind(rule), WIDTH, 0);
        for (int from = 0; from < samples.size(); from += step) {
            window.add(samples.subList(from, Math.min(samples.size(), from + step)));
        }
        return solved(rule, window, samples);
    }

    private static List<Float> solved(Rule rule, Window window, List<StoredSample> memory) {
        LinearWeights weights = rule.solve(window.moments(), SampleTargets.of(kind(rule), WIDTH, memory), OUTPUTS);
        List<Float> values = new ArrayList<>();
        for (float value : weights.weights()) {
            values.add(value);
        }
        for (float value : weights.biases()) {
            values.add(value);
        }
        return values;
    }
}
