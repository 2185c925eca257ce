package io.headwater.config;

import java.util.List;

/**
 * Numbers that are ready for the model.
 *
 * @param name of the model's input, float32 or float16, whose first axis is the batch
 * @param shape of one input, without the batch axis: 1 to 15 sizes, at most 4,194,304 values in all
 * @param zeros names of further inputs, which are fed zeros
 */
public record TensorInput(String name, List<Integer> shape, List<String> zeros) implements BaseModelInput {
    public TensorInput {
        BaseModelKeys.INPUT.check(name);
        shape = BaseModelKeys.SHAPE.check(List.copyOf(shape));
        BaseModelKeys.tooManyValues(shape).ifPresent(fault -> {
            throw new IllegalArgumentException(fault);
        });
        zeros = BaseModelKeys.ZEROS.check(List.copyOf(zeros));
    }

    /** How many numbers one input has. */
    public int size() {
        return shape.stream().reduce(1, (a, b) -> a * b);
    }
}
