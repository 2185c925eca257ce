package io.headwater.standalone.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Why rows or files of data cannot be used. Only the first messages are kept, because a file of another format can have a
 * fault in each of millions of lines.
 *
 * @param first messages about the first of them, in order, with file, line and the violated rule; at most {@value #KEPT}
 * @param count how many there are in all, at least as many as {@code first}
 */
public record Faults(List<String> first, long count) {
    /** The number of messages that are kept. */
    public static final int KEPT = 100;

    /** No faults. */
    public static final Faults NONE = new Faults(List.of(), 0);

    public Faults {
        first = List.copyOf(first);
        if (first.size() > KEPT || count < first.size()) {
            throw new IllegalArgumentException("of %d faults, at most %d and at most all are kept, but %d shall be"
                    .formatted(count, KEPT, first.size()));
        }
    }

    /** Returns the first message after a colon and a blank, or nothing if there is none, to end a message with. */
    String reason() {
        return first.isEmpty() ? "" : ": " + first.get(0);
    }

    /** Counts faults, and keeps the first messages. Not safe for use by several threads. */
    public static final class Tally {
        private final List<String> first = new ArrayList<>();
        private long count;

        /** Adds a fault. */
        public void add(String message) {
            count++;
            if (first.size() < KEPT) {
                first.add(message);
            }
        }

        /** Adds faults that were found before. */
        public void addAll(Faults others) {
            others.first().forEach(this::add);
            count += others.count() - others.first().size();
        }

        /** Returns the faults until now. */
        public Faults faults() {
            return new Faults(first, count);
        }
    }
}
