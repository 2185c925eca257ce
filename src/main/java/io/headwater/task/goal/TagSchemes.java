package io.headwater.task.goal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Converts the schemes of tags for named entities to IOB2, in which the first token of every entity has a B-type. In IOB1
 * it has one only behind another entity of its type (Ramshaw and Marcus 1995, "Text Chunking using Transformation-Based
 * Learning"). IOBES marks the last token with an E-type and an entity of one token with an S-type; BILOU calls these L and
 * U, and BMES calls a token within M (Ratinov and Roth 2009, "Design Challenges and Misconceptions in Named Entity
 * Recognition").
 */
final class TagSchemes {
    private static final String OUTSIDE = "O";
    private static final int TYPE = 2;
    private static final Pattern TAG = Pattern.compile("O|[BIESLUM]-.+", Pattern.DOTALL);

    private TagSchemes() {}

    /** Whether {@code tag} is a tag of one of the schemes. */
    static boolean isTag(String tag) {
        return TAG.matcher(tag).matches();
    }

    /**
     * Converts the tags of a text.
     *
     * @param tags tags of any of the schemes, a tag a token
     * @param isInsideOnly of a type, whether all tokens of its entities have an I-type, also the first
     */
    static List<String> iob2(List<String> tags, Predicate<String> isInsideOnly) {
        List<String> converted = new ArrayList<>(tags.size());
        String before = OUTSIDE;
        for (String tag : tags) {
            if (tag.equals(OUTSIDE)) {
                before = OUTSIDE;
                converted.add(OUTSIDE);
                continue;
            }
            String type = tag.substring(TYPE);
            boolean begins = "BSU".indexOf(tag.charAt(0)) >= 0 || !before.equals(type);
            converted.add((begins && !isInsideOnly.test(type) ? "B-" : "I-") + type);
            // An entity does not go on behind its last token.
            before = "ESLU".indexOf(tag.charAt(0)) >= 0 ? OUTSIDE : type;
        }
        return converted;
    }
}
