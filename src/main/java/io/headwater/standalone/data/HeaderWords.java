package io.headwater.standalone.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Recognises a first line that names the columns of a table, where a row of data is expected. */
final class HeaderWords {
    private static final Set<String> NAMES = words(
            "label labels label_text class classes category categories target tag tags sentiment emotion intent topic y"
                    + " gold gold_label score rating stars text texts sentence sentences sentence1 sentence2 content review"
                    + " message comment document title body description utterance query question tweet premise hypothesis"
                    + " numbers features x image images image_path path file filename file_name audio transcript"
                    + " transcription");
    private static final Set<String> OTHERS = words("id idx index no name split lang language date time timestamp");

    private HeaderWords() {}

    private static Set<String> words(String words) {
        return Set.copyOf(Arrays.asList(words.split(" ")));
    }

    /** Returns whether all values are usual names of columns, and at least two of them those of a label or an input. */
    static boolean areIn(List<String> values) {
        int names = 0;
        for (String value : values) {
            String word = value.strip().toLowerCase(Locale.ROOT);
            boolean isName = NAMES.contains(word);
            names += isName ? 1 : 0;
            if (!isName && !OTHERS.contains(word) && !word.isEmpty() && !word.startsWith("unnamed:")) {
                return false;
            }
        }
        return names >= 2;
    }
}
