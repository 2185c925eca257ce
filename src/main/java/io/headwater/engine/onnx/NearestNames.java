package io.headwater.engine.onnx;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds the existing names that are most similar to a wrong one, for error messages. */
public final class NearestNames {
    private NearestNames() {}

    /** Returns at most five of {@code names}, the most similar first. */
    public static List<String> of(String wrong, Collection<String> names) {
        return names.stream()
                .filter(name -> !name.isEmpty())
                .distinct()
                .sorted(Comparator.<String>comparingInt(name -> distance(wrong, name))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(5)
                .toList();
    }

    /** Returns the edit distance (Levenshtein 1966). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
