package io.headwater.engine.runtime;

import static io.headwater.engine.onnx.Attributes.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TaskKind;
import io.headwater.config.TextInput;
import io.headwater.engine.BackboneException;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.onnx.Tensors;
import java.nio.file.Path;
import java.util.List;
import onnx.Onnx.GraphProto;
import onnx.Onnx.TensorProto.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests tops of models that take a fixed number of tokens. */
class FixedTokensTopTest {
    private static final int TOKENS = 8;

    @TempDir
    private Path folder;

    /** Exporters write the number of rows of a result as that of the input. */
    @Test
    void shouldTrainAPartThatReadsTheShapeOfTheTokens() {
        GraphProto.Builder graph = below().addNode(TestModels.node("Shape", "shape", "input_ids"))
                .addInitializer(Tensors.integers("first", 0))
                .addInitializer(Tensors.integers("width", 5))
                .addNode(TestModels.node("Gather", "rows", "shape", "first"))
                .addNode(TestModels.node("Concat", "result", "rows", "width").toBuilder()
                        .addAttribute(attribute("axis", 0))
                        .build())
                .addNode(TestModels.node("Reshape", "hidden", "product", "result"));

        try (TopRig rig = rig(graph);
                Head head = rig.head(2)) {
            rig.train(head, 0, 2);

            assertThat(TopRig.values(head.state().parameters(), "w2")).isNotEqualTo(TestModels.ramp(30));
        }
    }

    @Test
    void shouldNameAMaskAndItsNumberOfTokens() {
        GraphProto.Builder graph = below().addInput(TestModels.value("attention_mask", TestModels.LONG, 0, TOKENS))
                .addNode(TestModels.node("Cast", "numbers", "attention_mask").toBuilder()
                        .addAttribute(attribute("to", DataType.FLOAT_VALUE))
                        .build())
                .addInitializer(TestModels.weight("w3", TestModels.FLOAT, TestModels.ramp(TOKENS * 5), TOKENS, 5))
                .addNode(TestModels.node("MatMul", "masked", "numbers", "w3"))
                .addNode(TestModels.node("Add", "hidden", "product", "masked"));

        assertThatThrownBy(() -> rig(graph).close())
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("reads 'attention_mask', which has exactly 8 tokens")
                .hasMessageContaining("linear-probe");
    }

    private static GraphProto.Builder below() {
        return GraphProto.newBuilder()
                .setName("counted")
                .addInput(TestModels.value("input_ids", TestModels.LONG, 0, TOKENS))
                .addInitializer(TestModels.weight("words", TestModels.FLOAT, TestModels.ramp(32), 16, 2))
                .addInitializer(
                        TestModels.weight("w1", TestModels.FLOAT, TestModels.ramp(2 * TOKENS * 6), 2 * TOKENS, 6))
                .addInitializer(TestModels.weight("w2", TestModels.FLOAT, TestModels.ramp(6 * 5), 6, 5))
                .addNode(TestModels.node("Gather", "embedded", "words", "input_ids"))
                .addNode(TestModels.node("Flatten", "flat", "embedded"))
                .addNode(TestModels.node("MatMul", "mixed", "flat", "w1"))
                .addNode(TestModels.node("Tanh", "low", "mixed"))
                .addNode(TestModels.node("MatMul", "product", "low", "w2"));
    }

    private TopRig rig(GraphProto.Builder graph) {
        graph.addOutput(TestModels.value("hidden", TestModels.FLOAT, 0, 5));
        boolean masked = graph.getInputCount() > 1;
        BaseModelManifest manifest = new BaseModelManifest(
                "counted",
                "none",
                TestModels.write(folder, TestModels.model(graph.build()).toByteArray()),
                new TextInput(
                        TestModels.miniLmInput(TOKENS).tokenizer(),
                        TOKENS,
                        "input_ids",
                        masked ? "attention_mask" : "",
                        ""),
                "hidden",
                Pooling.NONE,
                false);
        return TopRig.open(
                manifest,
                TopRig.config(TaskKind.TEXT_CLASSIFICATION, TopRig.fineTune(1).at("low"), TopRig.PLAIN),
                List.of(new ModelInput.Tokens(new long[] {1, 2}), new ModelInput.Tokens(new long[] {3, 4, 5})),
                Compute.ONE_THREAD);
    }
}
