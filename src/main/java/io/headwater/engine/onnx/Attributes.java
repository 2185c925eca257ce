package io.headwater.engine.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import onnx.Onnx.NodeProto;
import org.nd4j.shade.protobuf.ByteString;

/** Reads and makes attributes of nodes. */
public final class Attributes {
    private Attributes() {}

    /** The attribute of {@code node} by that name. */
    public static Optional<AttributeProto> find(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .findFirst();
    }

    /** A whole number, or {@code otherwise} where it is not given. */
    public static long integer(NodeProto node, String name, long otherwise) {
        return find(node, name).map(AttributeProto::getI).orElse(otherwise);
    }

    /** A number in single precision, or {@code otherwise} where it is not given. */
    public static float real(NodeProto node, String name, float otherwise) {
        return find(node, name).map(AttributeProto::getF).orElse(otherwise);
    }

    /** Text, or {@code otherwise} where it is not given. */
    public static String text(NodeProto node, String name, String otherwise) {
        return find(node, name).map(found -> found.getS().toStringUtf8()).orElse(otherwise);
    }

    /** Texts; none where they are not given. */
    public static List<String> texts(NodeProto node, String name) {
        return find(node, name)
                .map(found -> found.getStringsList().stream()
                        .map(ByteString::toStringUtf8)
                        .toList())
                .orElse(List.of());
    }

    /** Whole numbers, where they are given. */
    public static Optional<long[]> integers(NodeProto node, String name) {
        return find(node, name)
                .map(found ->
                        found.getIntsList().stream().mapToLong(Long::longValue).toArray());
    }

    /** An integer attribute. */
    public static AttributeProto attribute(String name, long value) {
        return of(name, AttributeType.INT).setI(value).build();
    }

    /** An attribute that is a list of integers. */
    public static AttributeProto attribute(String name, long[] values) {
        AttributeProto.Builder attribute = of(name, AttributeType.INTS);
        Arrays.stream(values).forEach(attribute::addInts);
        return attribute.build();
    }

    /** A floating-point attribute. */
    public static AttributeProto attribute(String name, float value) {
        return of(name, AttributeType.FLOAT).setF(value).build();
    }

    /** Text. */
    public static AttributeProto attribute(String name, String value) {
        return of(name, AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    private static AttributeProto.Builder of(String name, AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }
}
