package io.headwater.engine.graph.layer;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What flows along an edge of a graph for one input, without the batch axis. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Shape.Features.class, name = "features"),
    @JsonSubTypes.Type(value = Shape.Image.class, name = "image"),
    @JsonSubTypes.Type(value = Shape.Sequence.class, name = "sequence"),
    @JsonSubTypes.Type(value = Shape.Tokens.class, name = "tokens")
})
public sealed interface Shape {

    /** How many values it has; of one step, where the number of steps is free. */
    @JsonIgnore
    int size();

    /** A vector of features, positive. */
    record Features(int width) implements Shape {
        public Features {
            check(width);
        }

        @Override
        public int size() {
            return width;
        }
    }

    /** An image or a feature map: channels, then rows, then columns, all positive. */
    record Image(int channels, int height, int width) implements Shape {
        public Image {
            check(channels, height, width);
        }

        @Override
        public int size() {
            return channels * height * width;
        }
    }

    /**
     * A vector of features for each step.
     *
     * @param width features, positive
     * @param steps how many, 0 when any number is right
     */
    record Sequence(int width, int steps) implements Shape {
        public Sequence {
            check(width, steps == 0 ? 1 : steps);
        }

        @Override
        public int size() {
            return width * Math.max(1, steps);
        }
    }

    /**
     * One token id for each step.
     *
     * @param steps how many, 0 when any number is right
     */
    record Tokens(int steps) implements Shape {
        public Tokens {
            check(steps == 0 ? 1 : steps);
        }

        @Override
        public int size() {
            return Math.max(1, steps);
        }
    }

    /** Keeps hostile shapes from asking for memory: at most 2^27 values, half a gibibyte. */
    private static void check(int... axes) {
        long size = 1;
        for (int axis : axes) {
            if (axis < 1) {
                throw new GraphException("a shape's axes must be positive, but one is " + axis);
            }
            size *= axis; // cannot overflow: both factors are below 2^31
            if (size > 1 << 27) {
                throw new GraphException("a shape may have at most " + (1 << 27) + " values, but has at least " + size);
            }
        }
    }
}
