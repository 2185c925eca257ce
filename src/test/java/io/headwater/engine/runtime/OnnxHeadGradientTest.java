package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.TestNetworks;
import io.headwater.engine.device.Compute;
import io.headwater.engine.weights.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Tests the gradients of whole heads. */
class OnnxHeadGradientTest {
    private static final int CLASSES = 3;
    private static final int SAMPLES = 6;
    // The step is short because activations have kinks; at a kink, the gradient of either side is accepted.
    private static final float STEP = 5e-4f;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void shouldBeThoseOfTheLoss(TestNetworks network) {
        try (TopRig rig = rig(network, 1);
                Head head = rig.head(CLASSES)) {
            Map<String, Tensor.F32> parameters = head.state().parameters();
            rig.train(head, 0, SAMPLES);
            Map<String, float[]> gradients = rig.gradients(head);

            assertThat(gradients.keySet()).isEqualTo(parameters.keySet());
            gradients.forEach((name, gradient) -> {
                for (int i = 0; i < gradient.length; i += Math.max(1, gradient.length / 3)) {
                    double here = loss(rig, parameters, name, i, 0);
                    double up = (loss(rig, parameters, name, i, STEP) - here) / STEP;
                    double down = (here - loss(rig, parameters, name, i, -STEP)) / STEP;
                    double tolerance = 2e-3 + 0.02 * Math.abs(up);
                    assertThat((double) gradient[i])
                            .as(name + " " + i)
                            .isBetween(Math.min(up, down) - tolerance, Math.max(up, down) + tolerance);
                }
            });
        }
    }

    private static double loss(TopRig rig, Map<String, Tensor.F32> parameters, String name, int at, float by) {
        Map<String, Tensor.F32> moved = new TreeMap<>(parameters);
        moved.computeIfPresent(name, (same, tensor) -> {
            float[] values = tensor.values().clone();
            values[at] += by;
            return new Tensor.F32(tensor.shape(), values);
        });
        try (Head head = rig.model().heads().restore(HeadState.ofParameters(moved))) {
            return rig.train(head, 0, SAMPLES);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"BERT", "GPT", "ELMO", "FUSED"})
    void shouldNotDependOnThePaddingOfNeighbours(TestNetworks network) {
        try (TopRig rig = rig(network, 2);
                Head together = rig.head(CLASSES)) {
            assertThat(List.of(rig.features()).stream().map(row -> row.length).distinct())
                    .hasSizeGreaterThan(3);
            rig.train(together, 0, SAMPLES);
            Map<String, float[]> sums = new TreeMap<>();
            for (int row = 0; row < SAMPLES; row++) {
                try (Head alone = rig.head(CLASSES)) {
                    rig.train(alone, row, row + 1);
                    rig.gradients(alone).forEach((name, gradient) -> {
                        float[] sum = sums.computeIfAbsent(name, absent -> new float[gradient.length]);
                        for (int i = 0; i < sum.length; i++) {
                            sum[i] += gradient[i] / SAMPLES;
                        }
                    });
                }
            }
            rig.gradients(together)
                    .forEach((name, gradient) ->
                            assertThat(gradient).as(name).containsExactly(sums.get(name), within(1e-5f)));
        }
    }

    private TopRig rig(TestNetworks network, int blocks) {
        return TopRig.open(
                network.manifest(folder),
                TopRig.config(network.task(), TopRig.fineTune(blocks), TopRig.PLAIN),
                network.samples(SAMPLES, 9),
                Compute.ONE_THREAD);
    }
}
