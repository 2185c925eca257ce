package io.headwater.engine.onnx;

import java.io.IOException;
import java.util.function.Consumer;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;
import org.nd4j.shade.protobuf.Message;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/**
 * Builds the protobuf messages of a model whose encoding is within bounds. The data of tensors is not copied but refers
 * to the file's bytes; typed data of initializers is converted to {@code raw_data}, because protobuf's own lists grow
 * to several times the size.
 */
final class ModelReader {
    private final byte[] bytes;

    private ModelReader(byte[] bytes) {
        this.bytes = bytes;
    }

    static ModelProto read(byte[] bytes) {
        WireBounds.check(bytes);
        return new ModelReader(bytes).model();
    }

    /** A tensor with its data as {@code raw_data}; the tensor must have passed {@link TensorRules}. */
    static TensorProto raw(TensorProto tensor) {
        if (!tensor.getRawData().isEmpty()) {
            return tensor;
        }
        byte[] encoded = tensor.toByteArray();
        return new ModelReader(encoded).tensor(0, encoded.length);
    }

    private ModelProto model() {
        ModelProto.Builder model = ModelProto.newBuilder();
        split(0, bytes.length, ModelProto.GRAPH_FIELD_NUMBER, model, graph -> {
            if (model.hasGraph()) {
                throw graph.malformed("a second graph");
            }
            model.setGraph(graph(graph.from(), graph.to()));
        });
        return model.build();
    }

    private GraphProto graph(int from, int to) {
        GraphProto.Builder graph = GraphProto.newBuilder();
        split(
                from,
                to,
                GraphProto.INITIALIZER_FIELD_NUMBER,
                graph,
                tensor -> graph.addInitializer(tensor(tensor.from(), tensor.to())));
        return graph.build();
    }

    private TensorProto tensor(int from, int to) {
        EncodedTensor data = new EncodedTensor(bytes, from, to);
        TensorProto.Builder tensor = TensorProto.newBuilder();
        data.others((start, end) -> merge(tensor, start, end));
        return data.complete(tensor);
    }

    /** Passes each field with this number to {@code picked}, and all other fields to {@code builder}, in runs. */
    private void split(int from, int to, int number, Message.Builder builder, Consumer<Wire> picked) {
        Wire wire = new Wire(bytes, from, to);
        int run = from;
        while (wire.next()) {
            if (wire.field() == number && wire.isDelimited()) {
                merge(builder, run, wire.start());
                picked.accept(wire);
                run = wire.to();
            }
        }
        merge(builder, run, to);
    }

    private void merge(Message.Builder builder, int from, int to) {
        if (from == to) {
            return;
        }
        CodedInputStream in =
                UnsafeByteOperations.unsafeWrap(bytes, from, to - from).newCodedInput();
        in.enableAliasing(true);
        in.setRecursionLimit(WireBounds.MAX_DEPTH);
        try {
            builder.mergeFrom(in);
        } catch (InvalidProtocolBufferException e) {
            throw new OnnxException(
                    "the model file must be an ONNX model, but does not decode as one: " + e.getMessage()
                            + " Fetch or export it again",
                    e);
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory must be readable", e);
        }
    }
}
