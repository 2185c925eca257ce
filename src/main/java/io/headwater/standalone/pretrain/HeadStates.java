package io.headwater.standalone.pretrain;

import io.headwater.engine.HeadState;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.TreeMap;

/** Reads and writes the states of heads as safetensors files. */
final class HeadStates {
    private static final String PARAMETERS = "parameters/";
    private static final String OPTIMISER = "optimiser/";

    private HeadStates() {}

    static byte[] write(HeadState state) {
        Map<String, Tensor> tensors = new TreeMap<>();
        state.parameters().forEach((name, tensor) -> tensors.put(PARAMETERS + name, tensor));
        state.optimiser().forEach((name, tensor) -> tensors.put(OPTIMISER + name, tensor));
        return Safetensors.write(tensors, Map.of());
    }

    /**
     * Reads a file written by {@link #write}.
     *
     * @param step number of steps taken
     */
    static HeadState read(byte[] file, long step) {
        Safetensors.Contents contents = Safetensors.read(file);
        Map<String, Tensor.F32> parameters = new TreeMap<>();
        Map<String, Tensor.F32> optimiser = new TreeMap<>();
        for (String name : contents.tensors().keySet()) {
            boolean isParameter = name.startsWith(PARAMETERS);
            String own = name.substring(isParameter ? PARAMETERS.length() : OPTIMISER.length());
            (isParameter ? parameters : optimiser).put(own, contents.floats(name));
        }
        return new HeadState(parameters, optimiser, step);
    }
}
