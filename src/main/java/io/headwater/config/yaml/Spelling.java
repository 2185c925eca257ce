package io.headwater.config.yaml;

/** Measures how similar a misspelt key is to an existing key. */
final class Spelling {
    private Spelling() {}

    /**
     * Returns the number of characters that must be inserted, deleted or replaced to change one text into the other
     * (Levenshtein 1966), computed with the two-row method of Wagner and Fischer (1974).
     */
    static int distance(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int j = 0; j < above.length; j++) {
            above[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[above.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[to.length()];
    }
}
