package io.headwater.task;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What a sample teaches, or what a head says of one, in words: before a lane gives its outputs numbers.
 *
 * @param symbols names of outputs; an empty one stands where nothing is taught
 * @param numbers what has no name, finite; owned by the record and not to be changed
 */
public record Target(List<String> symbols, float[] numbers) {
    /** The code of a symbol that is empty, or that no output is called. */
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

    /** The index of each symbol, then the numbers: what a lane remembers. */
    public float[] code(ToIntFunction<String> index) {
        float[] code = new float[symbols.size() + numbers.length];
        for (int i = 0; i < symbols.size(); i++) {
            code[i] = symbols.get(i).isEmpty() ? NONE : index.applyAsInt(symbols.get(i));
        }
        System.arraycopy(numbers, 0, code, symbols.size(), numbers.length);
        return code;
    }

    /**
     * What {@link #code} was made of.
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
