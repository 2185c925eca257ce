package io.headwater.engine.onnx;

import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/** Makes inputs and outputs of graphs, in single precision. */
public final class ValueInfos {
    private ValueInfos() {}

    /** Of a shape; -1 for axes that vary, of which the first of several is the batch. */
    public static ValueInfoProto of(String name, long... shape) {
        TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
        for (int axis = 0; axis < shape.length; axis++) {
            TensorShapeProto.Dimension.Builder dim = dims.addDimBuilder();
            if (shape[axis] >= 0) {
                dim.setDimValue(shape[axis]);
            } else {
                dim.setDimParam(axis == 0 && shape.length > 1 ? "batch" : name + "/" + axis);
            }
        }
        return of(name, TypeProto.Tensor.newBuilder().setShape(dims));
    }

    /** Of a shape that is not stated. */
    public static ValueInfoProto ofAnyShape(String name) {
        return of(name, TypeProto.Tensor.newBuilder());
    }

    private static ValueInfoProto of(String name, TypeProto.Tensor.Builder tensor) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor.setElemType(DataType.FLOAT_VALUE)))
                .build();
    }
}
