package io.headwater.engine.inspect;

import static io.headwater.engine.onnx.Attributes.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.engine.TestModels;
import io.headwater.engine.inspect.ModelInspection.InputInfo;
import io.headwater.engine.onnx.OnnxException;
import io.headwater.engine.onnx.Tensors;
import java.nio.file.Path;
import onnx.Onnx.GraphProto;
import onnx.Onnx.TensorProto.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Drafts for models whose outputs are no features: pictures, values for each frame, and what is computed from a shape. */
class DraftedFeaturesTest {
    @TempDir
    private Path folder;

    /** A model that makes a picture of a picture: its mean would be one number for each colour. */
    @ParameterizedTest
    @CsvSource({"1", "3"})
    void shouldLookBelowAPicture(int colours) {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("painter")
                .addInput(TestModels.value("picture", TestModels.FLOAT, 0, 3, 8, 8))
                .addInitializer(TestModels.weight("low", TestModels.FLOAT, TestModels.ramp(8 * 3), 8, 3, 1, 1))
                .addInitializer(
                        TestModels.weight("top", TestModels.FLOAT, TestModels.ramp(colours * 8), colours, 8, 1, 1))
                .addNode(TestModels.node("Conv", "maps", "picture", "low"))
                .addNode(TestModels.node("Relu", "strokes", "maps"))
                .addNode(TestModels.node("Conv", "colours", "strokes", "top"))
                .addNode(TestModels.node("Tanh", "painted", "colours"))
                .addOutput(TestModels.value("painted", TestModels.FLOAT, 0, colours, 8, 8));

        assertThat(inspect(graph).feature()).isEqualTo("strokes");
    }

    /** A detector of a voice in each frame, whose last layer reads the shape of the frames from what is below another layer. */
    @Test
    void shouldLookBelowOneValueOfEachFrameAlthoughShapesComeFromBelow() {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("frames")
                .addInput(TestModels.value("sound", TestModels.FLOAT, 0, 6, 4))
                .addInitializer(TestModels.weight("low", TestModels.FLOAT, TestModels.ramp(4 * 8), 4, 8))
                .addInitializer(TestModels.weight("top", TestModels.FLOAT, TestModels.ramp(8), 8, 1))
                .addInitializer(Tensors.integers("row", -1, 8))
                .addInitializer(Tensors.integers("two", 0, 1))
                .addInitializer(Tensors.integers("one", 1))
                .addNode(TestModels.node("MatMul", "mixed", "sound", "low"))
                .addNode(TestModels.node("Relu", "hidden", "mixed"))
                .addNode(TestModels.node("Shape", "shape", "mixed"))
                .addNode(TestModels.node("Gather", "kept", "shape", "two"))
                .addNode(TestModels.node("Concat", "restored", "kept", "one").toBuilder()
                        .addAttribute(attribute("axis", 0))
                        .build())
                .addNode(TestModels.node("Reshape", "rows", "hidden", "row"))
                .addNode(TestModels.node("MatMul", "value", "rows", "top"))
                .addNode(TestModels.node("Reshape", "values", "value", "restored"))
                .addOutput(TestModels.value("values", TestModels.FLOAT, 0, 6, 1));

        assertThat(inspect(graph).feature()).isEqualTo("hidden");
    }

    /** A detector whose last layer smooths the one map of decisions of the layer below it. */
    @Test
    void shouldLookBelowAllLayersThatGiveFewValues() {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("detector")
                .addInput(TestModels.value("picture", TestModels.FLOAT, 0, 3, 8, 8))
                .addInitializer(TestModels.weight("low", TestModels.FLOAT, TestModels.ramp(8 * 3), 8, 3, 1, 1))
                .addInitializer(TestModels.weight("one", TestModels.FLOAT, TestModels.ramp(8), 1, 8, 1, 1))
                .addInitializer(TestModels.weight("smooth", TestModels.FLOAT, TestModels.ramp(9), 1, 1, 3, 3))
                .addNode(TestModels.node("Conv", "maps", "picture", "low"))
                .addNode(TestModels.node("Relu", "hidden", "maps"))
                .addNode(TestModels.node("Conv", "decision", "hidden", "one"))
                .addNode(TestModels.node("Conv", "smoothed", "decision", "smooth"))
                .addNode(TestModels.node("Sigmoid", "scores", "smoothed"))
                .addOutput(TestModels.value("scores", TestModels.FLOAT, 0, 1, 6, 6));

        assertThat(inspect(graph).feature()).isEqualTo("hidden");
    }

    @Test
    void shouldKeepFewValuesThatAreNamedAnEmbedding() {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("map")
                .addInput(TestModels.value("observation", TestModels.FLOAT, 0, 4))
                .addInitializer(TestModels.weight("low", TestModels.FLOAT, TestModels.ramp(4 * 8), 4, 8))
                .addInitializer(TestModels.weight("top", TestModels.FLOAT, TestModels.ramp(8 * 2), 8, 2))
                .addNode(TestModels.node("MatMul", "mixed", "observation", "low"))
                .addNode(TestModels.node("Relu", "hidden", "mixed"))
                .addNode(TestModels.node("MatMul", "placed", "hidden", "top"))
                .addNode(TestModels.node("Relu", "embedding", "placed"))
                .addOutput(TestModels.value("embedding", TestModels.FLOAT, 0, 2));

        assertThat(inspect(graph).feature()).isEqualTo("embedding");
    }

    /** As in the files with which runtimes are tested: the weights of a known architecture, all of them zero. */
    @Test
    void shouldLookBelowAClassifierWhoseWeightsNodesFill() {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("light")
                .addInput(TestModels.value("observation", TestModels.FLOAT, 0, 4))
                .addInitializer(TestModels.weight("low", TestModels.FLOAT, TestModels.ramp(4 * 8), 4, 8))
                .addInitializer(Tensors.integers("shape", 8, 9))
                .addNode(TestModels.node("ConstantOfShape", "top", "shape"))
                .addNode(TestModels.node("MatMul", "mixed", "observation", "low"))
                .addNode(TestModels.node("Relu", "hidden", "mixed"))
                .addNode(TestModels.node("MatMul", "scores", "hidden", "top"))
                .addNode(TestModels.node("Softmax", "output", "scores"))
                .addOutput(TestModels.value("output", TestModels.FLOAT, 0, 9));

        assertThat(inspect(graph).feature()).isEqualTo("hidden");
    }

    /** A step of speech enhancement: its input is smaller than the state, and neither has a name that says what it is. */
    @Test
    void shouldFeedZerosToWhatRecurrentLayersBeginWith() {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("enhancer")
                .addInput(TestModels.value("input_2", TestModels.FLOAT, 1, 1, 4))
                .addInput(TestModels.value("input_3", TestModels.FLOAT, 1, 1, 8, 2))
                .addInitializer(TestModels.weight("w", TestModels.FLOAT, TestModels.ramp(32 * 4), 1, 32, 4))
                .addInitializer(TestModels.weight("r", TestModels.FLOAT, TestModels.ramp(32 * 8), 1, 32, 8))
                .addInitializer(Tensors.integers("axis", 3))
                .addInitializer(TestModels.weight("v", TestModels.FLOAT, TestModels.ramp(8 * 5), 8, 5))
                .addInitializer(Tensors.integers("first", 0))
                .addInitializer(Tensors.integers("second", 1))
                .addInitializer(Tensors.integers("row", 1, 8))
                .addNode(TestModels.node("Gather", "h0", "input_3", "first").toBuilder()
                        .addAttribute(attribute("axis", 3))
                        .build())
                .addNode(TestModels.node("Gather", "c0", "input_3", "second").toBuilder()
                        .addAttribute(attribute("axis", 3))
                        .build())
                .addNode(TestModels.node("Squeeze", "h", "h0", "axis"))
                .addNode(TestModels.node("Squeeze", "c", "c0", "axis"))
                .addNode(TestModels.node("LSTM", "all", "input_2", "w", "r", "", "", "h", "c").toBuilder()
                        .addOutput("last")
                        .addAttribute(attribute("hidden_size", 8))
                        .build())
                .addNode(TestModels.node("Reshape", "hidden", "last", "row"))
                .addNode(TestModels.node("MatMul", "scores", "hidden", "v"))
                .addNode(TestModels.node("Sigmoid", "mask", "scores"))
                .addOutput(TestModels.value("mask", TestModels.FLOAT, 1, 5));

        ModelInspection model = inspect(graph);

        assertThat(model.inputs()).extracting(InputInfo::role).containsExactly("tensor", "zeros");
        assertThat(model.feature()).isEqualTo("hidden");
    }

    @Test
    void shouldSayWhatTheInputsAreWhereNoneCanCarryASample() {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("bytes")
                .addInput(TestModels.value("picture", DataType.UINT8_VALUE, 0, 3, 8, 8))
                .addNode(TestModels.node("Cast", "numbers", "picture").toBuilder()
                        .addAttribute(attribute("to", DataType.FLOAT_VALUE))
                        .build())
                .addOutput(TestModels.value("numbers", TestModels.FLOAT, 0, 3, 8, 8));

        assertThatThrownBy(() -> inspect(graph))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("must have an input for a sample")
                .hasMessageContaining("'picture' (uint8 [");
    }

    private ModelInspection inspect(GraphProto.Builder graph) {
        return OnnxInspector.inspect(
                Path.of(TestModels.write(folder, TestModels.model(graph.build()).toByteArray())
                        .location()));
    }
}
