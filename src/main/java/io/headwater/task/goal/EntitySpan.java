package io.headwater.task.goal;

import java.util.Comparator;

/**
 * A named entity among the tokens of a text. Spans are ordered so that a hash table of many with equal hash codes, which a
 * sender can choose, stays fast.
 *
 * @param type such as {@code person}
 * @param start its first token
 * @param end behind its last token
 */
record EntitySpan(String type, int start, int end) implements Comparable<EntitySpan> {
    private static final Comparator<EntitySpan> ORDER = Comparator.comparingInt(EntitySpan::start)
            .thenComparingInt(EntitySpan::end)
            .thenComparing(EntitySpan::type);

    @Override
    public int compareTo(EntitySpan other) {
        return ORDER.compare(this, other);
    }
}
