package io.headwater.engine.graph.layer;

import com.fasterxml.jackson.databind.EnumNamingStrategies;
import com.fasterxml.jackson.databind.annotation.EnumNaming;
import java.util.List;

/** Combines several inputs elementwise, or concatenates their channels or features. */
public record Combine(Kind kind) implements Operation {
    /** How inputs are combined. */
    @EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
    public enum Kind {
        ADD,
        /** Requires exactly two inputs. */
        SUBTRACT,
        MULTIPLY,
        AVERAGE,
        MAX,
        /** Concatenates channels or features. */
        CONCAT
    }

    @Override
    public Shape output(List<Shape> inputs) {
        if (inputs.size() < 2 || (kind == Kind.SUBTRACT && inputs.size() > 2)) {
            throw new GraphException("it needs two inputs or, but for subtraction, more, but has " + inputs.size());
        }
        Shape first = inputs.get(0);
        if (kind != Kind.CONCAT) {
            if (!inputs.stream().allMatch(first::equals)) {
                throw new GraphException("its inputs must have one shape, but have " + inputs);
            }
            return first;
        }
        int sum = inputs.stream().mapToInt(Combine::channels).reduce(0, Math::addExact);
        Shape joined = with(first, sum);
        if (!inputs.stream().allMatch(in -> with(in, sum).equals(joined))) {
            throw new GraphException("its inputs may differ in channels only, but are " + inputs);
        }
        return joined;
    }

    private static int channels(Shape shape) {
        if (shape instanceof Shape.Image image) {
            return image.channels();
        }
        if (shape instanceof Shape.Sequence sequence) {
            return sequence.width();
        }
        return shape.size();
    }

    private static Shape with(Shape shape, int channels) {
        if (shape instanceof Shape.Image image) {
            return new Shape.Image(channels, image.height(), image.width());
        }
        if (shape instanceof Shape.Sequence sequence) {
            return new Shape.Sequence(channels, sequence.steps());
        }
        if (shape instanceof Shape.Features) {
            return new Shape.Features(channels);
        }
        throw new GraphException("tokens cannot be joined");
    }
}
