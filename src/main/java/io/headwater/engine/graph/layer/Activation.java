package io.headwater.engine.graph.layer;

import com.fasterxml.jackson.databind.EnumNamingStrategies;
import com.fasterxml.jackson.databind.annotation.EnumNaming;

/**
 * An activation function of each value or, for softmax, of each vector.
 *
 * @param kind the function
 * @param slope the slope of a leaky ReLU below 0, or alpha of an ELU; 0 for other functions
 */
public record Activation(Kind kind, double slope) {
    public static final Activation LINEAR = new Activation(Kind.LINEAR, 0);
    public static final Activation SOFTMAX = new Activation(Kind.SOFTMAX, 0);

    /** The supported functions. GELU is not supported, because Deeplearning4j's implementation is off by up to 0.02. */
    @EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
    public enum Kind {
        LINEAR,
        RELU,
        RELU6,
        LEAKY_RELU,
        ELU,
        SELU,
        SIGMOID,
        HARD_SIGMOID,
        TANH,
        SOFTPLUS,
        SOFTSIGN,
        SWISH,
        SOFTMAX
    }

    public Activation {
        boolean sloped = kind == Kind.LEAKY_RELU || kind == Kind.ELU;
        if (!Double.isFinite(slope) || (!sloped && slope != 0)) {
            throw new GraphException(
                    "the slope of " + kind + " must be finite, and 0 where it has none, but is " + slope);
        }
    }
}
