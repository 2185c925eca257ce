package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.headwater.engine.ModelInput;
import java.util.List;
import java.util.Map;

/** Converts inputs into tensors of the ONNX model. */
interface Feed {

    /**
     * Returns the group of an input. Inputs of the same group may share a run. The group depends on the input alone,
     * and therefore its features do too.
     *
     * @throws IllegalArgumentException when the model does not read such an input
     */
    int group(ModelInput input);

    /** Returns the maximum number of inputs of a group in one run. */
    int rows(int group);

    /** Returns the number of positions of the tensor at the cut that belong to the input; the rest is padding. */
    int used(ModelInput input);

    /** Returns the tensors of inputs of one group, by name; the caller closes them. */
    Map<String, OnnxTensor> tensors(List<ModelInput> inputs, int group) throws OrtException;

    /** Returns the feed for a model that runs one input at a time, which changes no input for the sake of others. */
    default Feed alone() {
        return this;
    }

    /** Returns valid inputs of one group for a trial run of the model. */
    List<ModelInput> trials();
}
