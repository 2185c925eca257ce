package io.headwater.engine.runtime;

import static io.headwater.engine.onnx.Attributes.attribute;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TaskKind;
import io.headwater.config.TextInput;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.onnx.OnnxModelFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests tops of text models in half precision whose attention ONNX Runtime's optimiser fused: input_ids → Gather → "low"
 * [N, S, 4] → attention of two heads → normalised sum → "states".
 */
class HalfAttentionTest {
    private static final int WIDTH = 4;

    @TempDir
    private Path folder;

    /** What the attention reads besides its input and weights. */
    enum Beside {
        NOTHING,
        /** The mask of the tokens, as whole numbers. */
        MASK,
        /** The keys and values of earlier tokens, in half precision. */
        PAST
    }

    @ParameterizedTest
    @EnumSource
    void shouldTrainInSinglePrecisionAndExport(Beside beside) throws Exception {
        BaseModelManifest manifest = manifest(beside);
        List<ModelInput> texts = List.of(
                new ModelInput.Tokens(new long[] {1, 2, 3}),
                new ModelInput.Tokens(new long[] {3, 2, 1, 5, 6}),
                new ModelInput.Tokens(new long[] {7, 2}),
                new ModelInput.Tokens(new long[] {2, 7, 7, 7}));
        try (TopRig rig = TopRig.open(
                        manifest,
                        TopRig.config(
                                TaskKind.TEXT_CLASSIFICATION, TopRig.fineTune(1).at("low"), TopRig.PLAIN),
                        texts,
                        Compute.ONE_THREAD);
                Head head = rig.head(2)) {
            double first = rig.train(head, 0, 4);
            double last = first;
            for (int step = 0; step < 20; step++) {
                last = rig.train(head, 0, 4);
            }

            assertThat(last).isLessThan(first);
            assertThat(head.state().parameters()).containsKeys("qkv/w", "qkv/b", "scale");
            byte[] exported = BaseModelOpener.open(manifest, Compute.ONE_THREAD)
                    .onnx(rig.config(), OutputLayer.CLASSES, head.state().parameters(), Map.of());
            assertThat(TensorInfos.of(OnnxModelFile.parse(exported), List.of()).computed())
                    .containsKey("probabilities");
        }
    }

    private BaseModelManifest manifest(Beside beside) {
        NodeProto.Builder attention = TestModels.node("Attention", "attended", "low", "qkv/w", "qkv/b").toBuilder()
                .setDomain("com.microsoft")
                .addAttribute(attribute("num_heads", 2));
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("half")
                .addInput(TestModels.value("input_ids", TestModels.LONG, 0, -1))
                .addInitializer(half("words", 30_522, WIDTH))
                .addInitializer(half("qkv/w", WIDTH, 3 * WIDTH))
                .addInitializer(half("qkv/b", 3 * WIDTH))
                .addInitializer(half("scale", WIDTH))
                .addInitializer(half("shift", WIDTH))
                .addNode(TestModels.node("Gather", "low", "words", "input_ids"));
        String past = "";
        if (beside == Beside.MASK) {
            graph.addInput(TestModels.value("attention_mask", TestModels.LONG, 0, -1))
                    .addNode(TestModels.node("Cast", "mask/int", "attention_mask").toBuilder()
                            .addAttribute(attribute("to", DataType.INT32_VALUE)));
            attention.addInput("mask/int");
        }
        if (beside == Beside.PAST) {
            past = "past";
            graph.addInput(TestModels.value(past, TestModels.HALF, 2, 0, 2, -3, WIDTH / 2));
            attention.addInput("").addInput(past).addOutput("present");
        }
        graph.addNode(attention)
                .addNode(
                        TestModels.node("SkipLayerNormalization", "states", "attended", "low", "scale", "shift")
                                .toBuilder()
                                .setDomain("com.microsoft")
                                .addAttribute(attribute("epsilon", 1e-5f)))
                .addOutput(TestModels.value("states", TestModels.HALF, 0, -1, WIDTH));
        TextInput of = TestModels.miniLmInput(64);
        TextInput input = new TextInput(
                of.tokenizer(),
                64,
                "input_ids",
                beside == Beside.MASK ? "attention_mask" : "",
                "",
                "",
                past.isEmpty() ? List.of() : List.of(past));
        byte[] file = TestModels.model(graph.build()).toBuilder()
                .addOpsetImport(OperatorSetIdProto.newBuilder()
                        .setDomain("com.microsoft")
                        .setVersion(1))
                .build()
                .toByteArray();
        return new BaseModelManifest(
                "half", "none", TestModels.write(folder, file), input, "states", Pooling.MEAN, false);
    }

    private static TensorProto half(String name, long... shape) {
        long elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return TestModels.weight(name, TestModels.HALF, TestModels.ramp((int) elements), shape);
    }
}
