package io.headwater.engine;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.TrainingConfig.RememberConfig;
import io.headwater.config.TrainingConfig.RememberConfig.Method;

/**
 * The output layer that a task adds to a base model.
 *
 * @param objective the objective that training minimises
 * @param everyPosition whether the layer is applied to every token or frame; otherwise to the pooled features
 * @param activation the function that turns its logits into a result
 */
public record OutputLayer(Objective objective, boolean everyPosition, OutputActivation activation) {
    /** Single-label classification of a sample; a target has a probability for each class. */
    public static final OutputLayer CLASSES = new OutputLayer(new CrossEntropy(), false, OutputActivation.SOFTMAX);

    /**
     * Returns the output layer whose training also recalls former logits, if {@code config} demands this. The targets of a
     * step then are those of {@link RecallObjective#target}.
     */
    public OutputLayer recalling(AdaptationConfig config) {
        RememberConfig remember = config.training().gradients().remember();
        if (!remember.method().recallsLogits()) {
            return this;
        }
        boolean distils = remember.method() == Method.LWF && activation == OutputActivation.SOFTMAX;
        Recall recall = distils
                ? new Recall.Distillation(remember.strength())
                : new Recall.SquaredDifference(remember.strength());
        return new OutputLayer(new RecallObjective(objective, recall), everyPosition, activation);
    }
}
