package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.HeadConfig.OutputLayerChoice;
import io.headwater.domain.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;

class KeptLabelsTest {
    private static final BaseModelManifest MODEL = new BaseModelManifest(
            "model",
            "none",
            new ModelFile("/m.onnx", Digest.of(new byte[0])),
            new TensorInput("x", List.of(2), List.of()),
            "cut",
            Pooling.NONE,
            false);

    @Property(tries = 100)
    void shouldFindEachLabelAmongTheOutputs(
            @ForAll @Size(min = 2, max = 12) @UniqueElements
                    List<@AlphaChars @StringLength(min = 1, max = 5) String> labels,
            @ForAll Random random) {
        List<String> shuffled = new ArrayList<>(labels);
        java.util.Collections.shuffle(shuffled, random);

        int[] places = PretrainedLabels.places(MODEL.withLabels(labels), keeping(shuffled));

        for (int i = 0; i < places.length; i++) {
            assertThat(labels.get(places[i])).isEqualTo(shuffled.get(i));
        }
    }

    @Test
    void shouldRefuseOtherLabels() {
        BaseModelManifest model = MODEL.withLabels(List.of("a", "b", "c"));

        assertThatThrownBy(() -> PretrainedLabels.check(model, keeping(List.of("b", "a", "d"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "labels must be those of base model 'model' with head.output-layer keep, in any order, but"
                                + " lack 'c' and have 'd' besides; list the same, or choose head.output-layer new");
        assertThatThrownBy(() -> PretrainedLabels.check(model, keeping(List.of("b", "a"))))
                .hasMessageContaining("lack 'c' and have none besides");
        assertThatThrownBy(() -> PretrainedLabels.check(MODEL, keeping(List.of("b", "a"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("needs the labels of base model 'model', but its manifest has none");
    }

    @Test
    void shouldAskNothingOfANewOutputLayer() {
        AdaptationConfig config = AdaptationConfig.of("a", TaskKind.TENSOR_CLASSIFICATION, "model");

        assertThatCode(() -> PretrainedLabels.check(MODEL, config)).doesNotThrowAnyException();
    }

    @Test
    void shouldReportKeysThatDoNotGoWithAKeptOutputLayer() {
        String yaml = "name: a\ntask: tensor-classification\nbase: m\n";

        assertThat(AdaptationFile.parse("x", yaml + "labels: [a, b]\nhead.output-layer: keep")
                        .head())
                .isEqualTo(new HeadConfig(0, OutputLayerChoice.KEEP));
        assertThatThrownBy(() -> AdaptationFile.parse("x", yaml + "head.output-layer: keep"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("labels must be those of the base model's manifest with head.output-layer keep");
        assertThatThrownBy(
                        () -> AdaptationFile.parse("x", yaml + "labels: [a, b]\nhead: {output-layer: keep, hidden: 4}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("x:5: head.hidden must be 0 with head.output-layer keep");
        assertThatThrownBy(() -> keeping(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static AdaptationConfig keeping(List<String> labels) {
        AdaptationConfig plain = AdaptationConfig.of("a", TaskKind.TENSOR_CLASSIFICATION, "model");
        return plain.withLabels(labels).withHead(new HeadConfig(0, OutputLayerChoice.KEEP));
    }
}
