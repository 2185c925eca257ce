package io.headwater.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.Channels;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.TextInput;
import io.headwater.domain.Digest;
import io.headwater.engine.ModelInput;
import io.headwater.engine.NonFiniteFeaturesException;
import io.headwater.engine.graph.layer.GraphException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GraphBackboneTest {
    private static final Digest DIGEST = Digest.of(new byte[] {1});
    private static final GraphModel IMAGES = GraphModels.resnet(8, 3, 7);

    @Test
    void shouldGiveTheSameWhateverTheNeighboursAndThreads() {
        List<ModelInput> inputs = IntStream.range(0, 12)
                .mapToObj(i -> (ModelInput)
                        new ModelInput.Pixels(GraphModels.rows(IMAGES.input().shape(), 1, i)[0]))
                .toList();
        try (GraphBackbone backbone = open(ImageLayout.NCHW, "b/add", Pooling.NONE)) {
            List<float[]> together = backbone.features(inputs);

            assertThat(backbone.width()).isEqualTo(3 * 4 * 4);
            List<float[]> alone = IntStream.range(0, 12)
                    .parallel()
                    .mapToObj(i -> backbone.features(List.of(inputs.get(i))).get(0))
                    .toList();
            for (int i = 0; i < 12; i++) {
                assertThat(alone.get(i)).isEqualTo(together.get(i));
            }
        }
    }

    @Test
    void shouldReadBothLayouts() {
        float[] channelsFirst = GraphModels.rows(IMAGES.input().shape(), 1, 3)[0];
        float[] channelsLast = new float[192];
        for (int i = 0; i < 192; i++) {
            channelsLast[i] = channelsFirst[i % 3 * 64 + i / 3];
        }
        try (GraphBackbone first = open(ImageLayout.NCHW, "b/add", Pooling.MEAN);
                GraphBackbone last = open(ImageLayout.NHWC, "b/add", Pooling.MEAN);
                GraphBackbone flat = open(ImageLayout.NCHW, "b/add", Pooling.NONE)) {
            float[] features = one(first, channelsFirst);

            assertThat(one(last, channelsLast)).isEqualTo(features);
            float[] all = one(flat, channelsFirst);
            for (int c = 0; c < 3; c++) {
                double sum = 0;
                for (int p = 0; p < 16; p++) {
                    sum += all[c * 16 + p];
                }
                assertThat((double) features[c]).isCloseTo(sum / 16, within(1e-6));
            }
        }
    }

    @Test
    void shouldReadTokensOfAnyNumber() {
        GraphModel model = GraphModels.text(3);
        ModelFile tokenizer = new ModelFile("classpath:none", DIGEST);
        TextInput text = new TextInput(tokenizer, 16, "ids", "mask", "");
        try (GraphBackbone rnn = GraphBackbone.open(model, text, "rnn", Pooling.MEAN, false, DIGEST);
                GraphBackbone mean = GraphBackbone.open(model, text, "mean", Pooling.NONE, false, DIGEST)) {
            ModelInput three = new ModelInput.Tokens(new long[] {1, 5, 19});
            ModelInput five = new ModelInput.Tokens(new long[] {1, 5, 19, 2, 2});

            List<float[]> pooled = rnn.features(List.of(three, five));
            List<float[]> features = mean.features(List.of(three, five));

            for (int i = 0; i < 2; i++) {
                assertThat(pooled.get(i)).containsExactly(features.get(i), within(1e-6f));
            }
            assertThatThrownBy(() -> rnn.features(List.of(new ModelInput.Tokens(new long[] {20}))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("token ids must be 0 to 19, but one is 20");
            assertThatThrownBy(() -> rnn.features(List.of(new ModelInput.Pixels(new float[3]))))
                    .hasMessageContaining("reads Tokens");
        }
    }

    @Test
    void shouldRefuseWhatDoesNotFit() {
        try (GraphBackbone backbone = open(ImageLayout.NCHW, "mean", Pooling.NONE)) {
            assertThatThrownBy(() -> backbone.features(List.of(new ModelInput.Pixels(new float[5]))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must have 192 values, but has 5");
            float[] faulty = new float[192];
            faulty[7] = Float.POSITIVE_INFINITY;
            assertThatThrownBy(() -> backbone.features(
                            List.of(new ModelInput.Pixels(new float[192]), new ModelInput.Pixels(faulty))))
                    .isInstanceOfSatisfying(
                            NonFiniteFeaturesException.class,
                            e -> assertThat(e.indexes()).containsExactly(1));
        }
        assertThatThrownBy(() -> open(ImageLayout.NCHW, "none", Pooling.NONE)).hasMessageContaining("no vertex 'none'");
        ImageInput other = new ImageInput(
                "in", 9, 8, ImageLayout.NCHW, Channels.RGB, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
        assertThatThrownBy(() -> GraphBackbone.open(IMAGES, other, "mean", Pooling.NONE, false, DIGEST))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("width=9");
    }

    private static float[] one(GraphBackbone backbone, float[] pixels) {
        return backbone.features(List.of(new ModelInput.Pixels(pixels))).get(0);
    }

    private static GraphBackbone open(ImageLayout layout, String cut, Pooling pooling) {
        ImageInput image =
                new ImageInput("in", 8, 8, layout, Channels.RGB, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
        return GraphBackbone.open(IMAGES, image, cut, pooling, false, DIGEST);
    }
}
