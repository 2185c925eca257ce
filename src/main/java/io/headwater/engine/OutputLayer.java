package io.headwater.engine;

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
}
