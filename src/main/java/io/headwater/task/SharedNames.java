package io.headwater.task;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Copies probabilities by name so that predictions of one head share the names: there can be thousands of predictions with
 * thousands of names each. Not safe for use by several threads.
 */
public final class SharedNames {
    private String[] names = new String[0];

    /** Returns an unmodifiable copy of {@code probabilities}, in the order of the names, that takes 4 bytes for each. */
    public Map<String, Float> copy(Map<String, Float> probabilities) {
        String[] sorted = probabilities.keySet().stream().sorted().toArray(String[]::new);
        if (!Arrays.equals(sorted, names)) {
            names = sorted;
        }
        float[] values = new float[names.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = probabilities.getOrDefault(names[i], 0f);
        }
        return new Copy(names, values);
    }

    private static final class Copy extends AbstractMap<String, Float> {
        private final String[] names;
        private final float[] values;

        Copy(String[] names, float[] values) {
            this.names = names;
            this.values = values;
        }

        @Override
        public @Nullable Float get(@Nullable Object name) {
            int at = name instanceof String text ? Arrays.binarySearch(names, text) : -1;
            return at < 0 ? null : Float.valueOf(values[at]);
        }

        @Override
        public boolean containsKey(@Nullable Object name) {
            return get(name) != null;
        }

        @Override
        public Set<Entry<String, Float>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public Iterator<Entry<String, Float>> iterator() {
                    return IntStream.range(0, names.length)
                            .mapToObj(i -> Map.entry(names[i], values[i]))
                            .iterator();
                }

                @Override
                public int size() {
                    return names.length;
                }
            };
        }
    }
}
