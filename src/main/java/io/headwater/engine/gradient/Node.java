package io.headwater.engine.gradient;

import java.util.List;
import java.util.Optional;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.nd4j.shade.protobuf.ByteString;

/**
 * A node of the forward graph, easily read.
 *
 * @param proto as it stands in the graph
 * @param opset version of the operator set that its operator belongs to
 */
record Node(NodeProto proto, int opset) {

    /** The operator. */
    String type() {
        return proto.getOpType();
    }

    /** How many inputs are listed; trailing ones may be absent. */
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

    /** A whole-number attribute. */
    long integer(String name, long otherwise) {
        return attribute(name).map(AttributeProto::getI).orElse(otherwise);
    }

    /** A decimal attribute. */
    float real(String name, float otherwise) {
        return attribute(name).map(AttributeProto::getF).orElse(otherwise);
    }

    /** A text attribute. */
    String text(String name, String otherwise) {
        return attribute(name).map(found -> found.getS().toStringUtf8()).orElse(otherwise);
    }

    /** An attribute that lists texts; empty when it is not given. */
    List<String> texts(String name) {
        return attribute(name)
                .map(found -> found.getStringsList().stream()
                        .map(ByteString::toStringUtf8)
                        .toList())
                .orElse(List.of());
    }

    /** An attribute that lists whole numbers; empty when it is not given. */
    Optional<long[]> integers(String name) {
        return attribute(name)
                .map(found ->
                        found.getIntsList().stream().mapToLong(Long::longValue).toArray());
    }

    /** A tensor attribute. */
    Optional<TensorProto> tensor(String name) {
        return attribute(name).map(AttributeProto::getT);
    }

    /** Why this node has no gradient. */
    GradientException refused(String why) {
        return new GradientException(given(), this + " " + why);
    }

    /** The first output that is given: of some operators all are optional. */
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
