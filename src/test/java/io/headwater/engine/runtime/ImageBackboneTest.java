package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.engine.Backbone;
import io.headwater.engine.BackboneException;
import io.headwater.engine.ModelInput;
import io.headwater.engine.NonFiniteFeaturesException;
import io.headwater.engine.TestModels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uses small convolutional nets whose features can be computed by hand. */
class ImageBackboneTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {TestModels.FLOAT, TestModels.HALF})
    void shouldAverageAFeatureMapOverItsPlaces(int type) {
        ModelProto model = TestModels.convNet(type);
        try (Backbone backbone = OnnxBackbone.open(TestModels.image(folder, model, "map", Pooling.MEAN))) {
            // Red 0 to 15 with mean 7.5; green 1; blue 2: 7.5 + 2 + 6 and -7.5.
            assertThat(backbone.width()).isEqualTo(2);
            assertThat(backbone.features(List.of(ramp(), ramp())).get(1)).containsExactly(15.5f, -7.5f);
        }
    }

    @Test
    void shouldTakeWhatIsPooledAlready() {
        ModelProto model = TestModels.convNet(TestModels.FLOAT);
        try (Backbone backbone = OnnxBackbone.open(TestModels.image(folder, model, "scores", Pooling.NONE))) {
            assertThat(backbone.features(List.of(ramp())).get(0)).containsExactly(15.5f, 0f);
        }
    }

    @Test
    void shouldReadChannelsLast() {
        // Given a net that only doubles its input of [1, 4, 4, 3]
        ModelProto model = TestModels.model(GraphProto.newBuilder()
                .setName("double")
                .addInput(TestModels.value("pixels", TestModels.FLOAT, 1, 4, 4, 3))
                .addNode(TestModels.node("Add", "sum", "pixels", "pixels"))
                .addOutput(TestModels.value("sum", TestModels.FLOAT, 1, 4, 4, 3))
                .build());
        BaseModelManifest m = TestModels.image(folder, model, "sum", Pooling.MEAN);
        ImageInput i = (ImageInput) m.input();
        ImageInput last = new ImageInput("pixels", 4, 4, ImageLayout.NHWC, i.channels(), i.mean(), i.scale());
        float[] values = new float[48];
        for (int k = 0; k < values.length; k++) {
            values[k] = k % 3 + 1;
        }

        try (Backbone backbone =
                OnnxBackbone.open(new BaseModelManifest("tiny", "none", m.model(), last, "sum", Pooling.MEAN, false))) {
            assertThat(backbone.features(List.of(new ModelInput.Pixels(values))).get(0))
                    .containsExactly(2f, 4f, 6f);
        }
    }

    @Test
    void shouldNameTheInputsThatGiveNoFiniteFeatures() {
        ModelProto model = TestModels.convNet(TestModels.FLOAT);
        float[] bad = new float[48];
        bad[5] = Float.NaN;
        try (Backbone backbone = OnnxBackbone.open(TestModels.image(folder, model, "map", Pooling.MEAN))) {
            assertThatThrownBy(() -> backbone.features(List.of(ramp(), new ModelInput.Pixels(bad), ramp())))
                    .isInstanceOfSatisfying(
                            NonFiniteFeaturesException.class,
                            e -> assertThat(e.indexes()).containsExactly(1));
        }
    }

    @Test
    void shouldRejectAPoolingThatDoesNotFit() {
        ModelProto model = TestModels.convNet(TestModels.FLOAT);
        assertThatThrownBy(() -> OnnxBackbone.open(TestModels.image(folder, model, "map", Pooling.NONE)))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("pooling NONE")
                .hasMessageContaining("[1, 2, 4, 4]");
    }

    @Test
    void shouldRejectASizeThatDoesNotFit() {
        BaseModelManifest m = TestModels.image(folder, TestModels.convNet(TestModels.FLOAT), "map", Pooling.MEAN);
        ImageInput i = (ImageInput) m.input();
        ImageInput large = new ImageInput("pixels", 8, 4, ImageLayout.NCHW, i.channels(), i.mean(), i.scale());

        assertThatThrownBy(() -> OnnxBackbone.open(
                        new BaseModelManifest("tiny", "none", m.model(), large, "map", Pooling.MEAN, false)))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("[1, 3, 4, 8]")
                .hasMessageContaining("[1, 3, 4, 4]");
    }

    @Test
    void shouldRejectAnImageOfAnotherSize() {
        ModelProto model = TestModels.convNet(TestModels.FLOAT);
        try (Backbone backbone = OnnxBackbone.open(TestModels.image(folder, model, "map", Pooling.MEAN))) {
            assertThatThrownBy(() -> backbone.features(List.of(new ModelInput.Pixels(new float[47]))))
                    .hasMessageContaining("48 values, but has 47");
        }
    }

    @Test
    void shouldRefuseToRunOnceClosed() {
        Backbone backbone =
                OnnxBackbone.open(TestModels.image(folder, TestModels.convNet(TestModels.FLOAT), "map", Pooling.MEAN));
        backbone.close();
        backbone.close();

        assertThatThrownBy(() -> backbone.features(List.of(ramp()))).hasMessageContaining("closed");
    }

    @Test
    void shouldStartUnderALongCommandLine() throws Exception {
        // Given a JVM with 20,000 characters of arguments, which would crash ONNX Runtime
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Starter.class.getName(),
                        "x".repeat(20_000))
                .redirectErrorStream(true)
                .start();

        // When
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).containsPattern("(?m)^started 1\\.");
    }

    /** The main class of a separate process. */
    static final class Starter {
        private Starter() {}

        public static void main(String[] args) {
            System.out.println("started " + OnnxRuntime.environment().getVersion());
        }
    }

    private static ModelInput ramp() {
        float[] values = new float[48];
        for (int k = 0; k < values.length; k++) {
            values[k] = k < 16 ? k : k / 16;
        }
        return new ModelInput.Pixels(values);
    }
}
