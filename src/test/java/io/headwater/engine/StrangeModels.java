package io.headwater.engine;

import static io.headwater.engine.onnx.Attributes.attribute;

import io.headwater.engine.onnx.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;

/** Small models of many forms, as exporters of strangers write them. */
public final class StrangeModels {
    private static final int VOCABULARY = 30_522;

    private final Form form;
    private final Random random;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("stranger");
    private final List<NodeProto> nodes = new ArrayList<>();

    private StrangeModels(Form form) {
        this.form = form.possible();
        random = new Random(form.seed());
    }

    /** What a model reads, and the layers below its end. */
    public enum Body {
        /** Dense layers on numbers. */
        DENSE,
        /** The same with a recurrent state of two layers, whose batch is the second axis. */
        STATE,
        /** A convolution on a colour image. */
        COLOUR,
        /** A convolution on a grey image. */
        GREY,
        /** A convolution over a series of unknown length. */
        SERIES,
        /** Embeddings of tokens and of their positions. */
        TEXT,
        /** Dense layers that a constant shape between them allows one row only. */
        ONE_ROW
    }

    /** What follows the last layer. */
    public enum End {
        /** An activation. */
        EMBEDDING,
        /** A dense layer. */
        LOGITS,
        /** A dense layer and a softmax. */
        SOFTMAX,
        /** A dense layer to one number and a sigmoid. */
        SIGMOID,
        /** A dense layer and the most probable class, with the probabilities as another output after it. */
        LABEL,
        /** A dense layer of quantised numbers. */
        QUANTISED
    }

    /**
     * A form.
     *
     * @param rows the fixed batch size, or 0 if it is free
     * @param layers the number of further dense layers
     */
    public record Form(Body body, End end, int rows, int opset, int seed, int layers) {
        /** Returns the nearest form that a file can have. */
        private Form possible() {
            int oldest = end == End.QUANTISED ? 10 : body == Body.TEXT ? 9 : 7;
            int most = body == Body.ONE_ROW ? 1 : 4;
            return new Form(body, end, Math.min(most, rows), Math.max(oldest, opset), seed, layers);
        }
    }

    /** Returns the file of a model of this form. */
    public static byte[] of(Form form) {
        return new StrangeModels(form).model().toByteArray();
    }

    private ModelProto model() {
        int width = 3 + random.nextInt(5);
        String features = body(width);
        for (int layer = 0; layer < form.layers(); layer++) {
            features = dense("layer." + layer, features, width, width, true);
        }
        end(features, width);
        return ModelProto.newBuilder()
                .setIrVersion(7)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(form.opset()))
                .setGraph(graph.addAllNode(nodes))
                .build();
    }

    private String body(int width) {
        return switch (form.body()) {
            case DENSE -> dense("first", numbers("observation", 6), 6, width, true);
            case STATE -> {
                graph.addInput(TestModels.value("hidden_in", TestModels.FLOAT, 2, form.rows(), 9));
                String low = dense("first", numbers("observation", 6), 6, 9, true);
                String next = node("Add", "hidden_out", "hidden_in", low);
                graph.addOutput(TestModels.value(next, TestModels.FLOAT, 2, form.rows(), 9));
                yield dense("second", low, 9, width, true);
            }
            case COLOUR -> image("pixels", 3, width);
            case GREY -> image("image", 1, width);
            case SERIES -> series(width);
            case TEXT -> text(width);
            case ONE_ROW -> {
                String low = dense("first", numbers("observation", 6), 6, 8, true);
                String squared = node("Reshape", "squared", low, integers("square", 1, 4, 2));
                String flat = node("Reshape", "flat", squared, integers("flat/shape", 1, 8));
                yield dense("second", flat, 8, width, true);
            }
        };
    }

    private String numbers(String name, int width) {
        graph.addInput(TestModels.value(name, TestModels.FLOAT, form.rows(), width));
        return name;
    }

    private String image(String name, int channels, int width) {
        graph.addInput(TestModels.value(name, TestModels.FLOAT, form.rows(), channels, 8, 8));
        graph.addInitializer(weight("kernel", width, channels, 3, 3));
        String maps = node("Conv", "maps", name, "kernel");
        String positive = node("Relu", "positive", maps);
        return flattened(node("GlobalAveragePool", "pooled", positive));
    }

    private String series(int width) {
        graph.addInput(TestModels.value("series", TestModels.FLOAT, form.rows(), 2, -7));
        graph.addInitializer(weight("kernel", width, 2, 1));
        String maps = node("Conv", "maps", "series", "kernel");
        return flattened(node("GlobalAveragePool", "pooled", node("Relu", "positive", maps)));
    }

    private String text(int width) {
        graph.addInput(TestModels.value("input_ids", TestModels.LONG, form.rows(), -7));
        graph.addInput(TestModels.value("attention_mask", TestModels.LONG, form.rows(), -7));
        graph.addInitializer(weight("words", VOCABULARY, width));
        graph.addInitializer(weight("places", 40 + random.nextInt(100), width));
        graph.addInitializer(Tensors.integer("zero", 0)).addInitializer(Tensors.integer("one", 1));
        String embedded = node("Gather", "embedded", "words", "input_ids");
        String length = node("Gather", "length", node("Shape", "shape", "input_ids"), "one");
        nodes.add(TestModels.node("ConstantOfShape", "ones", unsqueezed(length)).toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(Tensors.integers("", 1)))
                .build());
        String ids = node("NonZero", "filled", "ones");
        String places = node("Gather", "placed", "places", node("Reshape", "range", ids, integers("any", -1)));
        String sum = node("Add", "summed", embedded, places);
        return node("Tanh", "states", sum);
    }

    private String unsqueezed(String length) {
        return node("Reshape", "length/vector", length, integers("vector", 1));
    }

    private String flattened(String pooled) {
        nodes.add(TestModels.node("Flatten", "flat", pooled).toBuilder()
                .addAttribute(attribute("axis", 1))
                .build());
        return "flat";
    }

    private void end(String features, int width) {
        long[] free = form.body() == Body.TEXT ? new long[] {form.rows(), -7, -2} : new long[] {form.rows(), -2};
        switch (form.end()) {
            case EMBEDDING -> output(node("Identity", "embedding", features), free);
            case LOGITS -> output(dense("head", features, width, 2, false), free);
            case SOFTMAX -> output(last("Softmax", "probabilities", dense("head", features, width, 2, false)), free);
            case SIGMOID -> output(node("Sigmoid", "output", dense("head", features, width, 1, false)), free);
            case LABEL -> {
                String logits = dense("head", features, width, 2, false);
                String label = last("ArgMax", "label", logits);
                graph.addOutput(TestModels.value(label, TestModels.LONG, free));
                output(last("Softmax", "probabilities", logits), free);
            }
            case QUANTISED -> quantised(features, width, free);
            default -> throw new IllegalStateException();
        }
    }

    private void quantised(String features, int width, long... free) {
        graph.addInitializer(Tensors.real("scale", TestModels.FLOAT, 0.05))
                .addInitializer(bytes("nothing", DataType.UINT8_VALUE, 128));
        TensorProto.Builder weights = bytes("head/w", DataType.UINT8_VALUE).toBuilder();
        weights.addDims(width).addDims(2);
        for (int i = 0; i < 2 * width; i++) {
            weights.addInt32Data(random.nextInt(256));
        }
        graph.addInitializer(weights);
        String before = node("QuantizeLinear", "before", features, "scale", "nothing");
        String product = node(
                "QLinearMatMul", "after", before, "scale", "nothing", "head/w", "scale", "nothing", "scale", "nothing");
        output(node("DequantizeLinear", "scores", product, "scale", "nothing"), free);
    }

    private static TensorProto bytes(String name, int type, int... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type);
        for (int value : values) {
            tensor.addInt32Data(value);
        }
        return tensor.build();
    }

    private void output(String tensor, long... shape) {
        graph.addOutput(TestModels.value(tensor, TestModels.FLOAT, shape));
    }

    private String last(String operator, String name, String input) {
        nodes.add(TestModels.node(operator, name, input).toBuilder()
                .addAttribute(attribute("axis", form.body() == Body.TEXT ? 2 : 1))
                .build());
        return name;
    }

    private String dense(String name, String input, int from, int to, boolean activated) {
        graph.addInitializer(weight(name + "/w", from, to)).addInitializer(weight(name + "/b", to));
        String product = node("MatMul", name + "/product", input, name + "/w");
        String sum = node("Add", name + "/sum", product, name + "/b");
        return activated ? node("Tanh", name + "/tanh", sum) : sum;
    }

    private String node(String operator, String output, String... inputs) {
        nodes.add(TestModels.node(operator, output, inputs));
        return output;
    }

    private String integers(String name, long... values) {
        graph.addInitializer(Tensors.integers(name, values));
        return name;
    }

    private TensorProto weight(String name, int... shape) {
        int size = 1;
        long[] axes = new long[shape.length];
        for (int axis = 0; axis < shape.length; axis++) {
            size *= shape[axis];
            axes[axis] = shape[axis];
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian() / 2;
        }
        return TestModels.weight(name, TestModels.FLOAT, values, axes);
    }
}
