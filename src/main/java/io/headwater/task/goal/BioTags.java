package io.headwater.task.goal;

import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tags of named entities, one for each token: {@code B-type} at the first token of an entity, {@code I-type} at the
 * others, {@code O} outside of entities (IOB2; Tjong Kim Sang and Veenstra 1999, "Representing Text Chunks").
 */
final class BioTags {
    private static final String OUTSIDE = "O";
    private static final String BEGINS = "B-";
    private static final String GOES_ON = "I-";

    private final List<String> names;
    private final Map<String, Integer> indices = new HashMap<>();

    /**
     * The tags that a head predicts.
     *
     * @param names by output
     * @throws IllegalArgumentException when a name is not a tag or occurs twice, or when no tag may be the first of a text
     */
    BioTags(List<String> names) {
        this.names = List.copyOf(names);
        for (String name : names) {
            if (!isTag(name)) {
                throw new IllegalArgumentException("a tag must be O, B-type or I-type, but one is '" + name
                        + "'; list those of IOB2, to which tags of other schemes are converted");
            }
            if (indices.putIfAbsent(name, indices.size()) != null) {
                throw new IllegalArgumentException("tags must differ, but '" + name + "' comes twice; drop one");
            }
        }
        if (names.stream().allMatch(name -> name.startsWith(GOES_ON))) {
            throw new IllegalArgumentException(
                    "tags must hold O or a B-type to begin with, but are " + names + "; add what is missing");
        }
    }

    /** Whether {@code name} is O, or B- or I- followed by a type. */
    static boolean isTag(String name) {
        return name.equals(OUTSIDE) || isInside(name) && name.length() > BEGINS.length();
    }

    /** The output of the tag {@code name}, or -1 when there is none. */
    int index(String name) {
        return indices.getOrDefault(name, -1);
    }

    /**
     * The most probable valid tags (Viterbi 1967): an I-type follows only a B-type or I-type of its own type, unless no
     * B-type of its type is among the tags. Of equals,
     * the one whose output comes first.
     *
     * @param logits row-major, a tag an output
     * @param rows of the first piece of each token, in order
     * @return a tag a token
     */
    List<String> decode(float[] logits, int[] rows) {
        int outputs = names.size();
        Targets.rows(logits.length, outputs);
        int[][] origins = new int[rows.length][outputs];
        double[] scores = new double[outputs];
        for (int i = 0; i < rows.length; i++) {
            int best = largest(scores);
            double[] next = new double[outputs];
            for (int tag = 0; tag < outputs; tag++) {
                int origin = isInsideOnly(tag) ? origin(scores, tag, i) : best;
                origins[i][tag] = origin;
                double sum = origin < 0 ? Double.NEGATIVE_INFINITY : scores[origin];
                // Logits and log probabilities of a row differ by a constant, so the best path is the same.
                next[tag] = sum + logits[rows[i] * outputs + tag];
            }
            scores = next;
        }
        String[] tags = new String[rows.length];
        int tag = largest(scores);
        for (int i = rows.length - 1; i >= 0; i--) {
            tags[i] = names.get(tag);
            tag = origins[i][tag];
        }
        return List.of(tags);
    }

    /** The best tag before an I-type that does not begin an entity, or -1 where no such I-type is allowed. */
    private int origin(double[] scores, int tag, int token) {
        int begin = index(BEGINS + type(names.get(tag)));
        if (token == 0) {
            return -1;
        }
        boolean isBegin = scores[begin] > scores[tag] || scores[begin] == scores[tag] && begin < tag;
        return isBegin ? begin : tag;
    }

    /** Returns whether a tag may only follow its own type; an I-type without a B-type among the tags may follow any. */
    private boolean isInsideOnly(int tag) {
        String name = names.get(tag);
        return name.startsWith(GOES_ON) && indices.containsKey(BEGINS + type(name));
    }

    private static int largest(double[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }

    /**
     * The entities that {@code tags} mark, in order, as conlleval reads them: an I-type after O, after another type or at
     * the start begins an entity. Names that are not tags count as O.
     */
    static List<EntitySpan> spans(List<String> tags) {
        List<EntitySpan> spans = new ArrayList<>();
        String open = "";
        int start = -1;
        for (int i = 0; i <= tags.size(); i++) {
            String tag = i < tags.size() ? tags.get(i) : OUTSIDE;
            boolean goesOn = start >= 0 && tag.startsWith(GOES_ON) && type(tag).equals(open);
            if (!goesOn && start >= 0) {
                spans.add(new EntitySpan(open, start, i));
                start = -1;
            }
            if (!goesOn && isInside(tag)) {
                open = type(tag);
                start = i;
            }
        }
        return spans;
    }

    /**
     * Tags that mark {@code spans}, or why they cannot be used.
     *
     * @param length tokens
     */
    static Outcome<List<String>> tags(int length, Collection<EntitySpan> spans) {
        String[] tags = new String[length];
        Arrays.fill(tags, OUTSIDE);
        List<EntitySpan> sorted = spans.stream()
                .sorted(Comparator.comparingInt(EntitySpan::start))
                .toList();
        int end = 0;
        for (EntitySpan span : sorted) {
            if (span.start() < 0 || span.start() >= span.end() || span.end() > length) {
                return Outcome.rejected(
                        Reason.BAD_LABEL,
                        "an entity must hold tokens 0 to " + (length - 1) + " of the text, but one goes from "
                                + span.start() + " to before " + span.end() + "; correct it");
            }
            if (span.type().isBlank()) {
                return Outcome.rejected(
                        Reason.BAD_LABEL,
                        "an entity must have a type, but that at token " + span.start() + " has none; name it");
            }
            if (span.start() < end) {
                return Outcome.rejected(
                        Reason.BAD_LABEL,
                        "entities must not overlap, but two hold token " + span.start() + "; keep one of them");
            }
            end = span.end();
            Arrays.fill(tags, span.start(), end, GOES_ON + span.type());
            tags[span.start()] = BEGINS + span.type();
        }
        return Outcome.ok(List.of(tags));
    }

    private static boolean isInside(String tag) {
        return tag.startsWith(BEGINS) || tag.startsWith(GOES_ON);
    }

    private static String type(String tag) {
        return tag.substring(BEGINS.length());
    }
}
