package io.headwater.engine.runtime;

import io.headwater.engine.BackboneException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The layout of the tensors at an unpooled cut within a row of features. In text models, axis 1 of a tensor of rank 3
 * or more counts tokens. A row contains only real tokens, not padding, so the length of a row depends on that of the
 * text.
 *
 * @param names the names of the tensors
 * @param shapes the shapes of the tensors; -1 for the batch axis, which is the first, and for the token axis
 * @param fixedTokens the fixed length of the model's token axis; 0 if the axis is free
 */
public record CutLayout(List<String> names, List<long[]> shapes, int fixedTokens) implements FeatureReader {
    // The same multiple as in the backbone, so that few different shapes occur.
    private static final int STEP = 8;

    /** Returns the layout for a model that does not read text, given the {@code outputs} of one run. */
    static CutLayout of(List<String> names, List<OnnxSession.Output> outputs) {
        List<long[]> shapes = new ArrayList<>();
        outputs.forEach(output -> shapes.add(rows(output.shape())));
        return new CutLayout(List.copyOf(names), List.copyOf(shapes), 0);
    }

    /**
     * Returns the layout for a text model.
     *
     * @param shorter the outputs for a text that was padded to {@code tokens}
     * @param longer the outputs for a text that was padded to {@code more}, which may be the same length
     * @param isFixed whether the model accepts only that length
     * @throws BackboneException when an axis other than the second depends on the length
     */
    static CutLayout ofText(
            List<String> names,
            List<OnnxSession.Output> shorter,
            int tokens,
            List<OnnxSession.Output> longer,
            int more,
            boolean isFixed) {
        List<long[]> shapes = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            long[] shape = rows(shorter.get(i).shape());
            long[] other = rows(longer.get(i).shape());
            if (shape.length >= 3 && shape[1] == tokens && other[1] == more) {
                shape[1] = -1;
                other[1] = -1;
            }
            if (!Arrays.equals(shape, other)) {
                throw new BackboneException("of the axes of the tensor '" + names.get(i)
                        + "' at the cut, the second of at least three alone may depend on the number of tokens, but "
                        + tokens + " tokens give "
                        + Arrays.toString(shorter.get(i).shape()) + " and " + more + " give "
                        + Arrays.toString(longer.get(i).shape()) + "; choose another cut");
            }
            shapes.add(shape);
        }
        return new CutLayout(List.copyOf(names), List.copyOf(shapes), isFixed ? tokens : 0);
    }

    private static long[] rows(long[] shape) {
        long[] rows = shape.clone();
        rows[0] = -1;
        return rows;
    }

    /** Returns the padded length for {@code tokens} tokens. */
    int padded(int tokens) {
        return fixedTokens > 0 ? fixedTokens : (tokens + STEP - 1) / STEP * STEP;
    }

    /** Returns the shape of each tensor by name. */
    Map<String, long[]> byName() {
        Map<String, long[]> byName = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            byName.put(names.get(i), shapes.get(i));
        }
        return byName;
    }

    /**
     * Returns the number of values of one position, if there is one tensor [batch, positions, width].
     *
     * @throws BackboneException when the tensors have another form
     */
    public int positionWidth() {
        if (shapes.size() != 1 || shapes.get(0).length != 3 || shapes.get(0)[2] < 1) {
            throw new BackboneException("a task that says something of every token or frame needs one tensor"
                    + " [batch, positions, width] at the cut, but " + names + " has the shape "
                    + shapes.stream().map(Arrays::toString).toList() + "; choose another cut");
        }
        return Math.toIntExact(shapes.get(0)[2]);
    }

    /** Whether rows differ in length. */
    boolean hasTokens() {
        return shapes.stream().anyMatch(CutLayout::hasTokens);
    }

    private static boolean hasTokens(long[] shape) {
        return shape.length > 1 && shape[1] < 0;
    }

    /** Returns the number of values of the {@code i}-th tensor per token, or per row if it has no token axis. */
    private int size(int i) {
        return Math.toIntExact(
                Arrays.stream(shapes.get(i)).filter(size -> size >= 0).reduce(1, Math::multiplyExact));
    }

    /** Returns the length of a row of {@code tokens} tokens. */
    public int length(int tokens) {
        int length = 0;
        for (int i = 0; i < shapes.size(); i++) {
            length = Math.addExact(length, Math.multiplyExact(size(i), hasTokens(shapes.get(i)) ? tokens : 1));
        }
        return length;
    }

    /**
     * Returns the number of tokens of a row of features; 1 if rows have no tokens.
     *
     * @throws IllegalArgumentException when no number of tokens gives a row of that length
     */
    int tokens(float[] row) {
        int fixed = length(0);
        int each = length(1) - fixed;
        int tokens = each == 0 ? 1 : (row.length - fixed) / each;
        if (tokens < 1 || length(tokens) != row.length) {
            throw new IllegalArgumentException("a row of features at the cut " + names + " must have " + fixed
                    + " + n × " + each + " values, but has " + row.length);
        }
        return tokens;
    }

    @Override
    public float[][] rows(List<OnnxSession.Output> outputs, int[] used) {
        float[][] rows = new float[used.length][];
        for (int row = 0; row < rows.length; row++) {
            int padded = padded(outputs);
            int tokens = Math.min(used[row], padded);
            rows[row] = new float[length(tokens)];
            int at = 0;
            for (int i = 0; i < shapes.size(); i++) {
                boolean ofTokens = hasTokens(shapes.get(i));
                int stride = size(i) * (ofTokens ? padded : 1);
                int length = size(i) * (ofTokens ? tokens : 1);
                System.arraycopy(outputs.get(i).values(), row * stride, rows[row], at, length);
                at += length;
            }
        }
        return rows;
    }

    private int padded(List<OnnxSession.Output> outputs) {
        for (int i = 0; i < shapes.size(); i++) {
            if (hasTokens(shapes.get(i))) {
                return Math.toIntExact(outputs.get(i).shape()[1]);
            }
        }
        return 1;
    }

    /** Returns the shape of the {@code i}-th tensor for a batch. */
    long[] shape(int i, int rows, int padded) {
        long[] shape = shapes.get(i).clone();
        shape[0] = rows;
        if (hasTokens(shape)) {
            shape[1] = padded;
        }
        return shape;
    }

    /**
     * Returns the values of the {@code i}-th tensor for a batch. Each row is padded to {@code padded} tokens with
     * copies of its last token: the model would never compute zeros there, and layers above, such as a normalisation
     * that divides, could turn them into NaN.
     */
    float[] values(int i, List<float[]> rows, int padded) {
        boolean ofTokens = hasTokens(shapes.get(i));
        int stride = size(i) * (ofTokens ? padded : 1);
        float[] values = new float[Math.multiplyExact(rows.size(), stride)];
        for (int row = 0; row < rows.size(); row++) {
            int tokens = tokens(rows.get(row));
            int from = 0;
            for (int before = 0; before < i; before++) {
                from += size(before) * (hasTokens(shapes.get(before)) ? tokens : 1);
            }
            int length = size(i) * (ofTokens ? tokens : 1);
            System.arraycopy(rows.get(row), from, values, row * stride, length);
            for (int filled = length; filled < stride; filled += size(i)) {
                System.arraycopy(rows.get(row), from + length - size(i), values, row * stride + filled, size(i));
            }
        }
        return values;
    }
}
