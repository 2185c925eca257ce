package io.headwater.config;

import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.TextTypes.text;

import io.headwater.config.key.Breach;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.ListType;
import java.util.List;

/**
 * A tensor of numbers that is the direct input of the model, without preprocessing.
 *
 * @param name of the model's input, float32 or float16, whose first axis is the batch
 * @param shape shape of one input without the batch axis: 1 to 15 axes, at most 4,194,304 values in total
 * @param zeros names of further inputs, which are filled with zeros
 */
public record TensorInput(String name, List<Integer> shape, List<String> zeros) implements BaseModelInput {
    private static final KeyTableBuilder<TensorInput> KEYS = KeyTable.builder();

    static final Key<String> NAME = KEYS.required(
            "input.name",
            text(ManifestTypes.MAX_NAME),
            TensorInput::name,
            "name of the model's input, float32 or float16; its first axis is the batch");
    static final Key<List<Integer>> SHAPE = KEYS.required(
            "input.shape",
            new ListType<>(
                    "a list of 1 to 15 sizes, each a whole number from 1 to " + ManifestTypes.MAX_VALUES,
                    whole(1, ManifestTypes.MAX_VALUES),
                    1,
                    15,
                    false,
                    false),
            TensorInput::shape,
            "shape of one input without the batch axis; at most 4194304 values in total");
    static final Key<List<String>> ZEROS = KEYS.optional(
            "input.zeros",
            ManifestTypes.NAMES,
            List.of(),
            TensorInput::zeros,
            "names of further inputs, which are filled with zeros");

    /** The keys of this record. */
    static final KeyTable<TensorInput> TABLE = KEYS.rule(values -> tooManyValues(values.get(SHAPE)))
            .build(values -> new TensorInput(values.get(NAME), values.get(SHAPE), values.get(ZEROS)));

    public TensorInput {
        NAME.check(name);
        shape = SHAPE.check(List.copyOf(shape));
        Breach.refuse(tooManyValues(shape));
        zeros = ZEROS.check(List.copyOf(zeros));
    }

    @Override
    public InputKind kind() {
        return InputKind.TENSOR;
    }

    private static List<Breach> tooManyValues(List<Integer> shape) {
        long product = 1;
        for (int size : shape) {
            product *= size;
            if (product > ManifestTypes.MAX_VALUES) {
                return List.of(new Breach(
                        SHAPE,
                        SHAPE.path() + " must have at most " + ManifestTypes.MAX_VALUES + " values in all, but is "
                                + shape));
            }
        }
        return List.of();
    }

    /** Returns the number of values of one input. */
    public int size() {
        return shape.stream().reduce(1, (a, b) -> a * b);
    }
}
