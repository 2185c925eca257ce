package io.headwater.engine.family;

import io.headwater.engine.top.Parameter;
import io.headwater.engine.top.TopGraph;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;

/**
 * An untrained model in two forms: as it is stored in a file, and as a graph to train. Both have the same nodes; the
 * graph to train reads all of its inputs in single precision, has its weights as inputs, and ends in {@link
 * TopGraph#LOGITS}.
 *
 * @param family the family that is named in the manifest
 * @param graph the graph that is stored in a file, without the weights
 * @param weights the name in the file of each parameter of the training graph that is stored there; the other
 *     parameters belong to an output layer that only training needs
 * @param training the graph to train; every parameter has initial values or starts at zero
 * @param input the input of the graph to train
 * @param features the tensor that is named in the manifest as the cut
 * @param blocks the tensors at which the model can be cut in order to train its top blocks, from the top down
 */
public record FamilyModel(
        String family,
        GraphProto graph,
        Map<String, String> weights,
        TopGraph training,
        TrainingInput input,
        String features,
        List<String> blocks) {

    public FamilyModel {
        weights = Map.copyOf(weights);
        blocks = List.copyOf(blocks);
    }

    /**
     * The input of a graph to train.
     *
     * @param name name of the tensor
     * @param shape its shape, with -1 for the batch and, if rows differ in length, for the second axis
     * @param mask the int64 input that tells real tokens from padding; empty if there is none
     */
    public record TrainingInput(String name, long[] shape, String mask) {}

    /** The total number of elements of the weights in the file. */
    public long size() {
        long size = 0;
        for (Map.Entry<String, Parameter> parameter : training.parameters().entrySet()) {
            if (weights.containsKey(parameter.getKey())) {
                long[] shape = parameter.getValue().shape();
                long product = 1;
                for (long axis : shape) {
                    product *= axis;
                }
                size += product;
            }
        }
        return size;
    }

    /**
     * Creates the model that is stored in a file.
     *
     * @param trained the trained weights by name, in single precision as raw data
     */
    public ModelProto with(Map<String, TensorProto> trained) {
        GraphProto.Builder whole = graph.toBuilder();
        new TreeMap<>(weights).forEach((name, ofFile) -> {
            TensorProto weight = Objects.requireNonNull(trained.get(name), name);
            whole.addInitializer(weight.toBuilder().setName(ofFile));
        });
        return training.model(whole.build());
    }
}
