package io.headwater.engine.runtime;

import java.util.List;

/** Converts the tensors at the cut into one row of features for each input of a run. */
interface FeatureReader {

    /**
     * Returns one row per input.
     *
     * @param outputs the tensors at the cut, the batch axis first
     * @param used the number of positions of each input that are not padding; one number per input
     */
    float[][] rows(List<OnnxSession.Output> outputs, int[] used);
}
