package io.headwater.task;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The training target of a sample, with outputs by name: a lane gives each name the index of an output.
 *
 * @param symbols names of outputs; an empty one at a position without a target
 * @param numbers values that are not names of outputs, finite; not to be changed
 */
public record Target(List<String> symbols, float[] numbers) {
    /** The code of an empty symbol, or of one that is the name of no output. */
    public static final int NONE = -1;

    public Target {
        symbols = List.copyOf(symbols);
    }

    /** A target of names alone. */
    public static Target of(List<String> symbols) {
        return new Target(symbols, new float[0]);
    }

    /** A target of numbers alone. */
    public static Target of(float... numbers) {
        return new Target(List.of(), numbers);
    }

    /** The index of each symbol, then the numbers: the form in which a lane stores targets. */
    public float[] code(ToIntFunction<String> index) {
        float[] code = new float[symbols.size() + numbers.length];
        for (int i = 0; i < symbols.size(); i++) {
            code[i] = symbols.get(i).isEmpty() ? NONE : index.applyAsInt(symbols.get(i));
        }
        System.arraycopy(numbers, 0, code, symbols.size(), numbers.length);
        return code;
    }

    /**
     * The target of a {@link #code}.
     *
     * @param numbers how many of its values are numbers
     * @param names of the outputs
     */
    public static Target decode(float[] code, int numbers, List<String> names) {
        int count = code.length - numbers;
        String[] symbols = new String[count];
        for (int i = 0; i < count; i++) {
            symbols[i] = code[i] < 0 ? "" : names.get((int) code[i]);
        }
        float[] values = new float[numbers];
        System.arraycopy(code, count, values, 0, numbers);
        return new Target(List.of(symbols), values);
    }
}
