package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TextInput;
import io.headwater.engine.Backbone;
import io.headwater.engine.BackboneException;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import java.nio.file.Path;
import java.util.List;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests a small model in the form of a decoder: token and position embeddings of width 2 are added and appended to a
 * past of earlier ones. Token i is (i, 0), position p is (0, p).
 */
class DecoderBackboneTest {
    private static final List<ModelInput> TEXTS = List.of(
            new ModelInput.Tokens(new long[] {3, 1, 2}),
            new ModelInput.Tokens(new long[] {5}),
            new ModelInput.Tokens(new long[] {7, 7, 7, 7, 7, 7, 7, 7, 4}));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {TensorProto.DataType.INT32_VALUE, TensorProto.DataType.INT64_VALUE})
    void shouldTakeTheLastRealTokenOfATextWithoutAPast(int type) {
        TextInput input = input("positions", List.of("past"));
        try (Backbone backbone = OnnxBackbone.open(manifest(decoder(type), input, "all"))) {
            List<float[]> features = backbone.features(TEXTS);

            assertThat(features.get(0)).containsExactly(2, 2);
            assertThat(features.get(1)).containsExactly(5, 0);
            assertThat(features.get(2)).containsExactly(4, 8);
        }
    }

    @Test
    void shouldFeedOnlyWhatThePartBelowTheCutReads() {
        TextInput input = input("positions", List.of("past"));
        ModelProto model = decoder(TensorProto.DataType.INT64_VALUE);
        try (Backbone backbone = OnnxBackbone.open(manifest(model, input, "token"))) {
            assertThat(backbone.features(TEXTS).get(2)).containsExactly(4, 0);
        }
    }

    @Test
    void shouldNameInputsThatTheManifestDoesNot() {
        ModelProto model = decoder(TensorProto.DataType.INT64_VALUE);
        assertThatThrownBy(() -> OnnxBackbone.open(manifest(model, input("positions", List.of()), "all")))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("[ids, positions]")
                .hasMessageContaining("past");
    }

    private BaseModelManifest manifest(ModelProto model, TextInput input, String cut) {
        ModelFile file = TestModels.write(folder, model.toByteArray());
        return new BaseModelManifest("decoder", "none", file, input, cut, Pooling.LAST, false);
    }

    private static TextInput input(String positions, List<String> past) {
        return new TextInput(TestModels.miniLmInput(16).tokenizer(), 16, "ids", "", "", positions, past);
    }

    private static ModelProto decoder(int type) {
        float[] tokens = new float[20];
        float[] places = new float[32];
        for (int i = 0; i < 10; i++) {
            tokens[2 * i] = i;
        }
        for (int p = 0; p < 16; p++) {
            places[2 * p + 1] = p;
        }
        NodeProto append = TestModels.node("Concat", "all", "past", "sum").toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName("axis")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(1))
                .build();
        return TestModels.model(GraphProto.newBuilder()
                .setName("decoder")
                .addInput(TestModels.value("ids", type, 0, -1))
                .addInput(TestModels.value("positions", type, 0, -1))
                .addInput(TestModels.value("past", TestModels.FLOAT, 0, -2, 2))
                .addInitializer(TestModels.weight("tokens", TestModels.FLOAT, tokens, 10, 2))
                .addInitializer(TestModels.weight("places", TestModels.FLOAT, places, 16, 2))
                .addNode(TestModels.node("Gather", "token", "tokens", "ids"))
                .addNode(TestModels.node("Gather", "place", "places", "positions"))
                .addNode(TestModels.node("Add", "sum", "token", "place"))
                .addNode(append)
                .addOutput(TestModels.value("all", TestModels.FLOAT, 0, -3, 2))
                .build());
    }
}
