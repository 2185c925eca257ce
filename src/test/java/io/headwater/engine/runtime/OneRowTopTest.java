package io.headwater.engine.runtime;

import static io.headwater.engine.onnx.Attributes.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TaskKind;
import io.headwater.engine.BackboneException;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.onnx.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests tops of models that were exported with one sample, whose number of rows stands in constant shapes: observation
 * [1, 4] → w1, Tanh → "low" [1, 6] → Reshape [1, 2, 3] → w2 → Reshape [1, 8] → "hidden".
 */
class OneRowTopTest {
    @TempDir
    private Path folder;

    /** A shape may fix all sizes, or leave one of them open. */
    @ParameterizedTest
    @CsvSource({"1 2 3, 1 8", "1 -1 3, 1 -1"})
    void shouldTrainAllRowsOfAStepTogether(String inner, String outer) {
        try (TopRig fixed = rig(reshaping(inner, outer));
                TopRig free = rig(reshaping("-1 2 3", "-1 8"));
                Head one = fixed.head(2);
                Head other = free.head(2)) {
            for (int step = 0; step < 3; step++) {
                assertThat(fixed.train(one, 0, 4)).isCloseTo(free.train(other, 0, 4), within(1e-6));
            }

            assertThat(one.state().parameters()).containsKey("w2");
            assertThat(TopRig.values(one.state().parameters(), "w2"))
                    .containsExactly(TopRig.values(other.state().parameters(), "w2"), within(1e-6f))
                    .isNotEqualTo(TestModels.ramp(12));
        }
    }

    /** Without the first axis no number of rows is right but one. */
    @Test
    void shouldSayThatAPartTakesOnlyOneRow() {
        GraphProto.Builder graph = below().addInitializer(Tensors.integers("first", 0))
                .addNode(TestModels.node("Squeeze", "vector", "low", "first"))
                .addInitializer(TestModels.weight("w2", TestModels.FLOAT, TestModels.ramp(48), 6, 8))
                .addNode(TestModels.node("MatMul", "product", "vector", "w2"))
                .addNode(TestModels.node("Unsqueeze", "hidden", "product", "first"))
                .addOutput(TestModels.value("hidden", TestModels.FLOAT, 1, 8));

        assertThatThrownBy(() -> rig(graph).close())
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("must take any number of rows, but takes only one")
                .hasMessageContaining("free batch axis")
                .hasMessageContaining("linear-probe");
    }

    /** Exporters also write a step that mixes all rows, which shows only when there are several. */
    @Test
    void shouldRefuseAPartThatMixesRows() {
        GraphProto.Builder graph = below().addNode(TestModels.node("Transpose", "turned", "low").toBuilder()
                        .addAttribute(attribute("perm", new long[] {1, 0}))
                        .build())
                .addInitializer(Tensors.integers("all", 1, 6))
                .addNode(TestModels.node("Reshape", "flat", "turned", "all"))
                .addInitializer(TestModels.weight("w2", TestModels.FLOAT, TestModels.ramp(48), 6, 8))
                .addNode(TestModels.node("MatMul", "hidden", "flat", "w2"))
                .addOutput(TestModels.value("hidden", TestModels.FLOAT, 1, 8));

        assertThatThrownBy(() -> rig(graph).close())
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("two rows together give other values than each alone");
    }

    private static GraphProto.Builder reshaping(String inner, String outer) {
        return below().addInitializer(TestModels.weight("w2", TestModels.FLOAT, TestModels.ramp(12), 3, 4))
                .addInitializer(Tensors.integers("inner", sizes(inner)))
                .addInitializer(Tensors.integers("outer", sizes(outer)))
                .addNode(TestModels.node("Reshape", "squared", "low", "inner"))
                .addNode(TestModels.node("MatMul", "product", "squared", "w2"))
                .addNode(TestModels.node("Tanh", "bounded", "product"))
                .addNode(TestModels.node("Reshape", "hidden", "bounded", "outer"))
                .addOutput(TestModels.value("hidden", TestModels.FLOAT, 1, 8));
    }

    private static long[] sizes(String text) {
        return Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    private static GraphProto.Builder below() {
        NodeProto mixed = TestModels.node("MatMul", "mixed", "observation", "w1");
        return GraphProto.newBuilder()
                .setName("one row")
                .addInput(TestModels.value("observation", TestModels.FLOAT, 1, 4))
                .addInitializer(TestModels.weight("w1", TestModels.FLOAT, TestModels.ramp(24), 4, 6))
                .addNode(mixed)
                .addNode(TestModels.node("Tanh", "low", "mixed"));
    }

    private TopRig rig(GraphProto.Builder graph) {
        BaseModelManifest manifest =
                TestModels.tensor(folder, TestModels.model(graph.build()), "hidden", Pooling.NONE, 4);
        List<ModelInput> samples = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            samples.add(new ModelInput.Numbers(new float[] {i % 2, 1, i, -i}));
        }
        return TopRig.open(
                manifest,
                TopRig.config(TaskKind.TENSOR_CLASSIFICATION, TopRig.fineTune(1).at("low"), TopRig.PLAIN),
                samples,
                Compute.ONE_THREAD);
    }
}
