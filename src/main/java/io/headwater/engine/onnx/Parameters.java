package io.headwater.engine.onnx;

import java.util.ArrayList;
import java.util.List;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

/** Determines which constants are parameters: those with more than one floating-point number. */
final class Parameters {
    private Parameters() {}

    /** The names of the parameters that the node with this index reads. */
    static List<String> readAt(OnnxGraph graph, int node) {
        List<String> parameters = new ArrayList<>(2);
        for (String read : graph.readsAt(node)) {
            if (elements(graph, read) > 0) {
                parameters.add(read);
            }
        }
        return parameters;
    }

    /** The number of elements of a parameter; 0 for a tensor that is not a parameter. */
    static long elements(OnnxGraph graph, String name) {
        @Nullable TensorProto weight = graph.initializer(name);
        return weight == null ? 0 : elements(weight);
    }

    /** The number of elements of a tensor that is a parameter if it is constant; 0 for one that is not. */
    static long elements(TensorProto tensor) {
        if (!FloatingPointTensors.isFloat(tensor.getDataType())) {
            return 0;
        }
        long elements = OnnxGraph.elements(tensor);
        return elements > 1 ? elements : 0;
    }

    /** The number of elements of the parameters that the subgraphs of a node hold themselves. */
    static long elementsWithin(NodeProto node) {
        long elements = 0;
        for (GraphProto inner : Subgraphs.of(node)) {
            for (TensorProto weight : inner.getInitializerList()) {
                elements += elements(weight);
            }
            for (NodeProto each : inner.getNodeList()) {
                elements += ConstantNodes.value(each).map(Parameters::elements).orElse(0L) + elementsWithin(each);
            }
        }
        return elements;
    }
}
