package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.headwater.engine.ModelInput;
import java.util.List;
import java.util.Map;

/** How inputs become tensors of the ONNX model. */
interface Feed {

    /**
     * Inputs with the same group may share a run. It depends on the input alone, so its features do as well.
     *
     * @throws IllegalArgumentException when the model does not read such an input
     */
    int group(ModelInput input);

    /** How many inputs of a group one run may take. */
    int rows(int group);

    /** How many positions of the tensor at the cut belong to the input; the rest is padding. */
    int used(ModelInput input);

    /** The tensors of inputs of one group, by name; the caller closes them. */
    Map<String, OnnxTensor> tensors(List<ModelInput> inputs, int group) throws OrtException;

    /** Valid inputs of one group to try the model with. */
    List<ModelInput> trials();
}
