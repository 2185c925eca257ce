package io.headwater.engine.onnx;

import java.util.List;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.SparseTensorProto;
import onnx.Onnx.TensorProto;

/** Checks that every model must pass, in addition to those of {@link OnnxGraph} and {@link TensorRules}. */
final class ModelRules {
    static final int MIN_OPSET = 7;
    static final int MAX_OPSET = 26;

    private static final int MAX_SPARSE = 1 << 22;

    private static final List<String> DEFAULT_DOMAINS = List.of("", "ai.onnx");
    private static final String MICROSOFT = "com.microsoft";

    private ModelRules() {}

    static void check(ModelProto model) {
        if (model.getGraph().getNodeCount() == 0) {
            throw new OnnxException(
                    "the model file must be an ONNX model with nodes, but has none; fetch or export it again");
        }
        nodes(model.getGraph());
        long opset = opset(model);
        if (opset < MIN_OPSET || opset > MAX_OPSET) {
            throw new OnnxException("the model must have an opset from " + MIN_OPSET + " to " + MAX_OPSET + ", but has "
                    + opset + "; export or convert it with one of these");
        }
    }

    /** The version of the standard operator set, or 0 if the model names none. */
    static long opset(ModelProto model) {
        return model.getOpsetImportList().stream()
                .filter(set -> DEFAULT_DOMAINS.contains(set.getDomain()))
                .mapToLong(OperatorSetIdProto::getVersion)
                .findFirst()
                .orElse(0);
    }

    private static void nodes(GraphProto graph) {
        for (NodeProto node : graph.getNodeList()) {
            if (!DEFAULT_DOMAINS.contains(node.getDomain()) && !node.getDomain().equals(MICROSOFT)) {
                throw new OnnxException("nodes must be of the domains ai.onnx and " + MICROSOFT + ", but node '"
                        + GraphScope.name(node) + "' is of '" + node.getDomain() + "', " + remedy(node.getDomain()));
            }
            for (AttributeProto attribute : node.getAttributeList()) {
                attribute(attribute);
            }
        }
        graph.getSparseInitializerList().forEach(ModelRules::sparse);
    }

    /** Says what the operators of another domain are, and what to do. */
    private static String remedy(String domain) {
        return switch (domain) {
            case "ai.onnx.ml" ->
                "whose trees, linear models and tables have no layers that could be kept; export a neural network, or a"
                        + " pipeline that is expressed in operators of ai.onnx";
            case "ai.onnx.contrib", "com.microsoft.extensions" ->
                "whose operators prepare inputs, as tokenizers do, or outputs; Headwater prepares inputs itself, so export"
                        + " the model without them";
            default ->
                "which is another one; export the model with its functions inlined and without operators of its own";
        };
    }

    private static void attribute(AttributeProto attribute) {
        attribute.getTensorsList().forEach(ModelRules::inside);
        attribute.getSparseTensorsList().forEach(ModelRules::sparse);
        attribute.getGraphsList().forEach(ModelRules::subgraph);
        if (attribute.hasT()) {
            inside(attribute.getT());
        }
        if (attribute.hasSparseTensor()) {
            sparse(attribute.getSparseTensor());
        }
        if (attribute.hasG()) {
            subgraph(attribute.getG());
        }
    }

    private static void subgraph(GraphProto graph) {
        graph.getInitializerList().forEach(ModelRules::inside);
        nodes(graph);
    }

    private static void sparse(SparseTensorProto tensor) {
        TensorProto dense = TensorProto.newBuilder()
                .setName(tensor.getValues().getName())
                .addAllDims(tensor.getDimsList())
                .build();
        // A runtime converts the tensor to a dense one first.
        if (TensorRules.elements(dense) > MAX_SPARSE) {
            throw TensorRules.wrong(
                    dense, "may have " + MAX_SPARSE + " elements as it is sparse, but its shape says more");
        }
        inside(tensor.getValues());
        inside(tensor.getIndices());
    }

    private static void inside(TensorProto tensor) {
        if (TensorRules.isExternal(tensor)) {
            throw TensorRules.wrong(
                    tensor, "must be inside the model file, as only initializers of the model may be beside it");
        }
        TensorRules.check(tensor);
    }
}
