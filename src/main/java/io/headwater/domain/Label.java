package io.headwater.domain;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a sample teaches. */
public sealed interface Label {

    /** A name for messages: the branch of the Avro union. */
    String kind();

    /** What it says in one line, for people. */
    String text();

    /** One class out of many. */
    record ClassLabel(String name) implements Label {
        @Override
        public String text() {
            return name;
        }

        @Override
        public String kind() {
            return "class";
        }
    }

    /** Any number of classes at once. */
    record MultiLabel(Set<String> names) implements Label {
        public MultiLabel {
            names = Set.copyOf(names);
        }

        @Override
        public String text() {
            return String.join(", ", new TreeSet<>(names));
        }

        @Override
        public String kind() {
            return "multi-label";
        }
    }

    /** One tag a token, such as BIO tags of named entities. */
    record TokenTags(List<String> tokens, List<String> tags) implements Label {
        public TokenTags {
            tokens = List.copyOf(tokens);
            tags = List.copyOf(tags);
        }

        @Override
        public String text() {
            return String.join(" ", tags);
        }

        @Override
        public String kind() {
            return "token-tags";
        }
    }

    /**
     * A span of the second text of a pair.
     *
     * @param start index of its first code point; -1 when there is no answer
     * @param text the answer itself
     */
    record AnswerSpan(int start, String text) implements Label {
        @Override
        public String kind() {
            return "answer-span";
        }
    }

    /** What was said. */
    record Transcript(String text) implements Label {
        @Override
        public String kind() {
            return "transcript";
        }
    }

    /**
     * What an actor did after an observation, and what came of it: one step of an episode, or several in a row. Arrays are
     * owned by the record and not to be changed.
     *
     * @param action name of the action that was taken, or its index where actions have no names
     * @param rewards of each step in order, finite, not discounted; at least one
     * @param nextObservation after the last of these steps, finite; may be empty where {@code terminal}
     * @param terminal whether nothing can come after them
     * @param truncated whether the actor broke the episode off after them, though more could have come
     * @param episode the whole episode, where these are its last steps; null elsewhere
     * @param version number of the version that played; null when another policy did, or none
     */
    record Transition(
            String action,
            double[] rewards,
            float[] nextObservation,
            boolean terminal,
            boolean truncated,
            @Nullable Episode episode,
            @Nullable Long version)
            implements Label {
        @Override
        public String text() {
            return action;
        }

        @Override
        public String kind() {
            return "transition";
        }
    }

    /**
     * An episode that has ended.
     *
     * @param total of its rewards, finite, not discounted
     * @param length in steps; 0 when it is not known
     */
    record Episode(double total, int length) {}

    /**
     * Real numbers.
     *
     * @param values finite; owned by the record and not to be changed
     */
    record Values(float[] values) implements Label {
        @Override
        public String text() {
            return Arrays.toString(values);
        }

        @Override
        public String kind() {
            return "values";
        }
    }
}
