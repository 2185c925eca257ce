package io.headwater.task.goal;

import java.util.List;

/** The number of insertions, deletions and replacements from one sequence to another (Levenshtein 1966). */
final class EditDistance {
    private EditDistance() {}

    /** The distance; the time is proportional to the product of both lengths. */
    static long of(List<?> from, List<?> to) {
        int[] distances = new int[to.size() + 1];
        for (int j = 0; j <= to.size(); j++) {
            distances[j] = j;
        }
        for (int i = 1; i <= from.size(); i++) {
            int diagonal = distances[0];
            distances[0] = i;
            for (int j = 1; j <= to.size(); j++) {
                int changed = diagonal + (from.get(i - 1).equals(to.get(j - 1)) ? 0 : 1);
                diagonal = distances[j];
                distances[j] = Math.min(changed, 1 + Math.min(distances[j], distances[j - 1]));
            }
        }
        return distances[to.size()];
    }
}
