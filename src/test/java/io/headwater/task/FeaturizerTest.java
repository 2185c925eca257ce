package io.headwater.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput;
import io.headwater.config.TaskKind;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.Backbone;
import io.headwater.engine.TestModels;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.engine.runtime.OnnxBackbone;
import io.headwater.ops.Tasks;
import io.headwater.task.image.TestImages;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a small half-precision net: feature 0 is red plus 2 green plus 3 blue, scaled so that white overflows. */
class FeaturizerTest {
    private static final Payload RED = image(Color.RED);
    private static final Payload WHITE = image(Color.WHITE);
    private static final Payload BLACK = image(Color.BLACK);

    private final FeatureCache cache = new FeatureCache(1 << 20);
    private Backbone backbone;
    private Featurizer featurizer;

    @BeforeEach
    void open(@TempDir Path folder) {
        BaseModelManifest m = TestModels.image(folder, TestModels.convNet(TestModels.HALF), "map", Pooling.MEAN);
        ImageInput i = (ImageInput) m.input();
        ImageInput scaled =
                new ImageInput(i.name(), 4, 4, i.layout(), i.channels(), i.mean(), List.of(100.0, 100.0, 100.0));
        BaseModelManifest manifest =
                new BaseModelManifest("tiny", "none", m.model(), scaled, m.cut(), m.pooling(), false);
        backbone = OnnxBackbone.open(manifest);
        AdaptationConfig adaptation = AdaptationConfig.of("mine", TaskKind.IMAGE_CLASSIFICATION, "tiny");
        featurizer = new Featurizer(Tasks.of(adaptation, manifest), backbone, cache);
    }

    @AfterEach
    void close() {
        backbone.close();
    }

    @Test
    void shouldGiveFeaturesOrReasonsInOrder() {
        List<Outcome<float[]>> outcomes = features(RED, new Payload.Text("no image"), WHITE, BLACK, RED);

        assertThat(vector(outcomes.get(0))).containsExactly(25504f, -25504f);
        Rejections.assertRejected(outcomes.get(1), Reason.WRONG_KIND, "text");
        Rejections.assertRejected(outcomes.get(2), Reason.NOT_FINITE, "finite");
        assertThat(vector(outcomes.get(3))).containsExactly(0f, 0f);
        assertThat(vector(outcomes.get(4))).isSameAs(vector(outcomes.get(0)));
    }

    @Test
    void shouldComputeFeaturesOnce() {
        float[] first = vector(features(RED, BLACK).get(0));
        float[] again = vector(features(RED).get(0));

        assertThat(again).isSameAs(first);
        assertThat(cache.hits()).isEqualTo(1);
        assertThat(cache.misses()).isEqualTo(2);
    }

    @Test
    void shouldTakeTensors(@TempDir Path folder) {
        BaseModelManifest manifest = TestModels.tensor(folder, TestModels.policy(0), "hidden", Pooling.NONE, 4);
        AdaptationConfig adaptation = AdaptationConfig.of("mine", TaskKind.TENSOR_CLASSIFICATION, "numbers");
        Payload one = new Payload.Tensor(List.of(4), new float[] {1, 2, 3, 4});
        Payload other = new Payload.Tensor(List.of(4), new float[] {1, 2, 3, 5});
        try (Backbone numbers = OnnxBackbone.open(manifest)) {
            List<Outcome<float[]>> outcomes =
                    new Featurizer(Tasks.of(adaptation, manifest), numbers, cache).features(views(one, other, one));

            assertThat(vector(outcomes.get(0))).hasSize(3).isNotEqualTo(vector(outcomes.get(1)));
            assertThat(vector(outcomes.get(2))).isSameAs(vector(outcomes.get(0)));
        }
    }

    @Test
    void shouldTakeNoPayloads() {
        assertThat(featurizer.features(List.of())).isEmpty();
    }

    private List<Outcome<float[]>> features(Payload... payloads) {
        return featurizer.features(views(payloads));
    }

    private static List<PayloadView> views(Payload... payloads) {
        return Arrays.stream(payloads).map(PayloadView::of).toList();
    }

    private static Payload image(Color colour) {
        return new Payload.EncodedImage(
                TestImages.encode(TestImages.plain(8, 8, BufferedImage.TYPE_INT_RGB, colour), "png"));
    }

    private static float[] vector(Outcome<float[]> outcome) {
        return ((Outcome.Ok<float[]>) outcome).value();
    }
}
