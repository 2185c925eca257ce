package io.headwater.engine.gradient;

import java.util.List;
import java.util.Optional;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.nd4j.shade.protobuf.ByteString;

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
        return attribute(name).map(AttributeProto::getI).orElse(otherwise);
    }

    /** A floating-point attribute. */
    float real(String name, float otherwise) {
        return attribute(name).map(AttributeProto::getF).orElse(otherwise);
    }

    /** A string attribute. */
    String text(String name, String otherwise) {
        return attribute(name).map(found -> found.getS().toStringUtf8()).orElse(otherwise);
    }

    /** An attribute that is a list of strings; empty if it is not given. */
    List<String> texts(String name) {
        return attribute(name)
                .map(found -> found.getStringsList().stream()
                        .map(ByteString::toStringUtf8)
                        .toList())
                .orElse(List.of());
    }

    /** An attribute that is a list of integers; empty if it is not given. */
    Optional<long[]> integers(String name) {
        return attribute(name)
                .map(found ->
                        found.getIntsList().stream().mapToLong(Long::longValue).toArray());
    }

    /** A tensor attribute. */
    Optional<TensorProto> tensor(String name) {
        return attribute(name).map(AttributeProto::getT);
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

    private Optional<AttributeProto> attribute(String name) {
        return proto.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .findFirst();
    }

    @Override
    public String toString() {
        String name = proto.getName().isEmpty() ? given() : proto.getName();
        return "node '" + name + "' (" + type() + ", opset " + opset + ")";
    }
}
