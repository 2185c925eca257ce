package io.headwater.standalone.data;

import io.headwater.domain.Payload;
import java.util.List;
import java.util.regex.Pattern;

/** Parses tensors written as numbers in row-major order, separated by spaces or commas. */
public final class TensorData {
    private static final Pattern BETWEEN = Pattern.compile("[ ,\\t]+");
    private static final int SHOWN = 40;

    private TensorData() {}

    /** Returns whether none of {@code texts} contains a number. */
    static boolean haveNone(List<String> texts) {
        return texts.stream().flatMap(BETWEEN::splitAsStream).noneMatch(TensorData::isNumber);
    }

    private static boolean isNumber(String text) {
        try {
            Float.parseFloat(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /**
     * Parses the numbers in {@code text} as a one-dimensional tensor.
     *
     * @throws IllegalArgumentException if a value is not a number; the message names it
     */
    public static Payload.Tensor parse(String text) {
        String[] written = BETWEEN.split(text.strip());
        float[] values = new float[written.length];
        for (int i = 0; i < written.length; i++) {
            try {
                values[i] = Float.parseFloat(written[i]);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("numbers must stand between spaces or commas, but number " + i
                        + " is '" + written[i].substring(0, Math.min(SHOWN, written[i].length())) + "'");
            }
        }
        return new Payload.Tensor(List.of(values.length), values);
    }
}
