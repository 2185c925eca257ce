package io.headwater.engine.gradient;

import io.headwater.engine.onnx.Attributes;
import java.util.List;
import java.util.Optional;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;

/**
 * A node of the forward graph with convenient access to its inputs, outputs and attributes.
 *
 * @param proto the node as it is in the graph
 * @param opset version of the operator set to which its operator belongs
 */
record Node(NodeProto proto, int opset) {

    /** The operator type. */
    String type() {
        return proto.getOpType();
    }

    /** The number of inputs that are listed; trailing optional inputs may be missing from the list. */
    int inputs() {
        return proto.getInputCount();
    }

    /** Whether the {@code i}-th input is given. */
    boolean has(int i) {
        return i < proto.getInputCount() && !proto.getInput(i).isEmpty();
    }

    /** The {@code i}-th input, which must be given. */
    String input(int i) {
        if (!has(i)) {
            throw refused("needs an input " + i + ", but has none");
        }
        return proto.getInput(i);
    }

    /** The {@code i}-th output, which must be listed. */
    String output(int i) {
        return proto.getOutput(i);
    }

    /** The first output. */
    String output() {
        return output(0);
    }

    /** An integer attribute. */
    long integer(String name, long otherwise) {
        return Attributes.integer(proto, name, otherwise);
    }

    /** A floating-point attribute. */
    float real(String name, float otherwise) {
        return Attributes.real(proto, name, otherwise);
    }

    /** A string attribute. */
    String text(String name, String otherwise) {
        return Attributes.text(proto, name, otherwise);
    }

    /** An attribute that is a list of strings; empty if it is not given. */
    List<String> texts(String name) {
        return Attributes.texts(proto, name);
    }

    /** An attribute that is a list of integers; empty if it is not given. */
    Optional<long[]> integers(String name) {
        return Attributes.integers(proto, name);
    }

    /** An attribute that is a list of floating-point numbers; empty if it is not given. */
    double[] reals(String name) {
        return Attributes.find(proto, name)
                .map(found -> found.getFloatsList().stream()
                        .mapToDouble(Float::doubleValue)
                        .toArray())
                .orElse(new double[0]);
    }

    /** A tensor attribute. */
    Optional<TensorProto> tensor(String name) {
        return Attributes.find(proto, name).map(AttributeProto::getT);
    }

    /** Whether the node computes its result in a subgraph, such as the branches of {@code If}. */
    boolean hasSubgraph() {
        return proto.getAttributeList().stream().anyMatch(each -> each.hasG() || each.getGraphsCount() > 0);
    }

    /** Creates an exception that tells why this node has no gradient. */
    GradientException refused(String why) {
        return new GradientException(given(), this + " " + why);
    }

    /** The first output that is given; for some operators every output is optional. */
    private String given() {
        return proto.getOutputList().stream()
                .filter(output -> !output.isEmpty())
                .findFirst()
                .orElse("");
    }

    @Override
    public String toString() {
        String name = proto.getName().isEmpty() ? given() : proto.getName();
        return "node '" + name + "' (" + type() + ", opset " + opset + ")";
    }
}
