package io.headwater.engine.graph.layer;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** The shape of the tensor that a vertex computes or reads, without the batch axis. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Shape.Features.class, name = "features"),
    @JsonSubTypes.Type(value = Shape.Image.class, name = "image"),
    @JsonSubTypes.Type(value = Shape.Sequence.class, name = "sequence"),
    @JsonSubTypes.Type(value = Shape.Tokens.class, name = "tokens")
})
public sealed interface Shape {

    /** Returns the number of values; those of a single step if the number of steps is variable. */
    @JsonIgnore
    int size();

    /** A vector with a positive number of features. */
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
     * @param width the number of features, positive
     * @param steps the number of steps, or 0 if it is variable
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
     * @param steps the number of steps, or 0 if it is variable
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

    /** Limits a shape to 2^27 values (512 MiB), so that a malicious file cannot exhaust the memory. */
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
