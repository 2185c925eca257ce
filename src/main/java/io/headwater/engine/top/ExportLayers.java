package io.headwater.engine.top;

import static io.headwater.engine.onnx.Attributes.attribute;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.engine.OutputActivation;
import io.headwater.engine.onnx.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;

/**
 * Appends pooling and an output layer to an exported model. Unlike in training, the lengths of texts are not known here
 * and have to be computed from the mask.
 *
 * @param writer the writer to which they are appended
 * @param opset operator set of the model
 */
record ExportLayers(NodeWriter writer, int opset) {

    /**
     * Appends the pooling of the output of a segment to one vector per sample, and returns the name of the result.
     *
     * @param mask the input that tells real tokens from padding; empty if there is none
     * @throws TopException if the operator set cannot express the pooling
     */
    String pooled(String output, Features features, String mask) {
        String tensor = output;
        long width = features.width();
        if (features.everyPosition()) {
            return writer.node("Reshape", "top/vectors", tensor, writer.integers("top/vectors/shape", -1, width));
        }
        if (features.hasTokens()) {
            tensor = tokens(features.pooling(), tensor, mask);
        } else if (features.pooling() == Pooling.MEAN && features.layout() == ImageLayout.NCHW) {
            tensor = writer.node("GlobalAveragePool", "top/pooled", tensor);
        } else if (features.pooling() == Pooling.MEAN) {
            String turned =
                    writer.node("Transpose", "top/turned", List.of(attribute("perm", new long[] {0, 3, 1, 2})), tensor);
            tensor = writer.node("GlobalAveragePool", "top/pooled", turned);
        }
        String vectors = writer.node("Reshape", "top/vectors", tensor, writer.integers("top/vectors/shape", -1, width));
        return features.normalise() ? normalised(vectors, width) : vectors;
    }

    private String tokens(Pooling pooling, String tensor, String mask) {
        if (pooling == Pooling.FIRST) {
            return writer.node(
                    "Gather", "top/pooled", List.of(attribute("axis", 1)), tensor, writer.integer("top/first", 0));
        }
        if (mask.isEmpty()) {
            if (pooling == Pooling.LAST) {
                requireOpset(11, "the last token of a model without a mask");
                return writer.node(
                        "Gather", "top/pooled", List.of(attribute("axis", 1)), tensor, writer.integer("top/last", -1));
            }
            String turned =
                    writer.node("Transpose", "top/turned", List.of(attribute("perm", new long[] {0, 2, 1})), tensor);
            return writer.node("GlobalAveragePool", "top/pooled", turned);
        }
        String real = writer.node("Cast", "top/mask", List.of(attribute("to", DataType.FLOAT_VALUE)), mask);
        String row = writer.node("Reshape", "top/mask/row", real, writer.integers("top/mask/shape", 0, 1, -1));
        String column =
                writer.node("Transpose", "top/mask/column", List.of(attribute("perm", new long[] {0, 2, 1})), row);
        // The mask consists of zeros and ones, so the sum of its squares equals its sum.
        String count = writer.node("MatMul", "top/count", row, column);
        if (pooling == Pooling.MEAN) {
            String sum = writer.node("MatMul", "top/tokens", row, tensor);
            return writer.node("Div", "top/pooled", sum, count);
        }
        requireOpset(9, "the last token");
        String last = writer.node("Sub", "top/last", count, writer.reals("top/one", new float[] {1}));
        String index = writer.node("Cast", "top/last/index", List.of(attribute("to", DataType.INT64_VALUE)), last);
        String flat = writer.node("Reshape", "top/last/flat", index, writer.integers("top/last/shape", -1, 1));
        String shape = writer.node("Shape", "top/mask/sizes", mask);
        String length = writer.node(
                "Gather", "top/length", List.of(attribute("axis", 0)), shape, writer.integer("top/axis", 1));
        String hot =
                writer.node("OneHot", "top/last/hot", flat, length, writer.reals("top/off-on", new float[] {0, 1}, 2));
        return writer.node("MatMul", "top/pooled", hot, tensor);
    }

    private void requireOpset(int version, String what) {
        if (opset < version) {
            throw new TopException("to take " + what + ", the exported model needs operator set " + version
                    + ", but the base model has " + opset + "; choose another pooling");
        }
    }

    private String normalised(String vectors, long width) {
        float[] ones = new float[(int) width];
        Arrays.fill(ones, 1);
        String squares = writer.node("Mul", "top/squares", vectors, vectors);
        String sum = writer.node("MatMul", "top/sum", squares, writer.reals("top/ones", ones, width, 1));
        String positive =
                writer.node("Add", "top/sum/positive", sum, writer.reals("top/tiny", new float[] {TopBuilder.TINY}));
        return writer.node("Div", "top/features", vectors, writer.node("Sqrt", "top/length/vector", positive));
    }

    /**
     * Appends the output layer, preceded by the scale of a scalar mix and a hidden layer if these were trained.
     *
     * @param output the tensor from which the vectors were computed
     * @throws TopException if the output layer is not among the trained parameters
     */
    void outputLayer(
            String vectors,
            String output,
            Features features,
            OutputActivation activation,
            Map<String, TensorProto> trained) {
        String below = vectors;
        TensorProto scale = trained.get(ScalarMix.SCALE);
        if (scale != null) {
            writer.constants().put(ScalarMix.SCALE, Tensors.named(scale, ScalarMix.SCALE));
            below = writer.node("Mul", "top/mixed", below, ScalarMix.SCALE);
        }
        if (trained.containsKey(TopGraph.HIDDEN_WEIGHTS)) {
            String hidden = gemm("top/hidden", below, trained, TopGraph.HIDDEN_WEIGHTS, TopGraph.HIDDEN_BIAS);
            below = writer.node("Relu", "top/hidden/positive", hidden);
        }
        String logits = features.everyPosition() ? "top/rows" : ExportBuilder.LOGITS;
        gemm(logits, below, trained, TopGraph.WEIGHTS, TopGraph.BIAS);
        if (features.everyPosition()) {
            long outputs = Objects.requireNonNull(trained.get(TopGraph.BIAS)).getDims(0);
            if (features.isOnePosition()) {
                writer.node(
                        "Reshape", ExportBuilder.LOGITS, logits, writer.integers("top/sizes/logits", -1, 1, outputs));
            } else {
                positions(logits, output, outputs);
            }
        }
        switch (activation) {
            case SOFTMAX -> {
                List<AttributeProto> last = List.of(attribute("axis", features.everyPosition() ? 2 : 1));
                writer.node("Softmax", ExportBuilder.PROBABILITIES, last, ExportBuilder.LOGITS);
            }
            case SIGMOID -> writer.node("Sigmoid", ExportBuilder.PROBABILITIES, ExportBuilder.LOGITS);
            case NONE -> {} // the logits are the result
        }
    }

    /** Reshapes rows of logits to [batch, positions, outputs]. */
    private void positions(String rows, String output, long outputs) {
        String sizes = writer.node("Shape", "top/sizes", output);
        String outer = writer.node(
                "Gather", "top/sizes/outer", List.of(attribute("axis", 0)), sizes, writer.integers("top/outer", 0, 1));
        String shape = writer.node(
                "Concat",
                "top/sizes/logits",
                List.of(attribute("axis", 0)),
                outer,
                writer.integers("top/outputs", outputs));
        writer.node("Reshape", ExportBuilder.LOGITS, rows, shape);
    }

    private String gemm(String output, String below, Map<String, TensorProto> trained, String weights, String bias) {
        for (String name : List.of(weights, bias)) {
            TensorProto value = trained.get(name);
            if (value == null) {
                throw new TopException(
                        "a head must have '" + name + "', but has none; it was not written by Headwater");
            }
            writer.constants().put(name, Tensors.named(value, name));
        }
        return writer.node("Gemm", output, below, weights, bias);
    }
}
