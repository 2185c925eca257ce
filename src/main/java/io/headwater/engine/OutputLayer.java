package io.headwater.engine;

/**
 * The output layer that a task puts on a base model.
 *
 * @param objective what it learns to make small
 * @param everyPosition whether it says something of every token or frame; else of the pooled features
 * @param activation what makes an answer of its logits
 */
public record OutputLayer(Objective objective, boolean everyPosition, OutputActivation activation) {
    /** One class out of many for a sample; targets are a probability for each class. */
    public static final OutputLayer CLASSES = new OutputLayer(new CrossEntropy(), false, OutputActivation.SOFTMAX);
}
