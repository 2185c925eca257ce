package io.headwater.engine.runtime;

import java.util.List;

/** How the tensors at the cut become one row of features for each input of a run. */
interface FeatureReader {

    /**
     * One row an input.
     *
     * @param outputs the tensors at the cut, the batch axis first
     * @param used how many positions of each input are real; as many numbers as rows
     */
    float[][] rows(List<OnnxSession.Output> outputs, int[] used);
}
