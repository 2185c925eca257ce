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
 * A model that has not learned yet, in two forms: as its file will have it, and as it is trained. Both have the same nodes;
 * the one to train reads all that it is given in single precision, has its weights for inputs, and ends in
 * {@link TopGraph#LOGITS}.
 *
 * @param family that a manifest names
 * @param graph as a file will have it, but for the weights
 * @param weights what the file calls those of the training graph's parameters that it has; the others are of an output layer
 *     that only training needs
 * @param training the graph to train; every parameter has its first values, or begins at zero
 * @param input what the graph to train reads
 * @param features the tensor that a manifest names as the cut
 * @param blocks where the model would be cut for its top blocks to be trained, from the top down
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
     * What a graph to train reads.
     *
     * @param name of the tensor
     * @param shape of it; -1 for the batch and, where rows differ in length, for the second axis
     * @param mask the int64 input that says which tokens are real; empty when there is none
     */
    public record TrainingInput(String name, long[] shape, String mask) {}

    /** How many numbers the file's weights are. */
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
     * The model as a file has it.
     *
     * @param trained what the weights have become, by name, in single precision as raw data
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
