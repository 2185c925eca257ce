package io.headwater.domain;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The expected output of the model for a sample. */
public sealed interface Label {

    /** Returns the name of the Avro union branch, for use in messages. */
    String kind();

    /** Returns the label as one line of text for people. */
    String text();

    /** Exactly one class. */
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

    /** Any number of classes, in alphabetical order. */
    record MultiLabel(Set<String> names) implements Label {
        public MultiLabel {
            // Not Set.copyOf, which needs time that grows with the square of the number of names with equal hash codes.
            names = Collections.unmodifiableSet(new TreeSet<>(names));
        }

        @Override
        public String text() {
            return String.join(", ", names);
        }

        @Override
        public String kind() {
            return "multi-label";
        }
    }

    /** One tag per token, such as BIO tags of named entities. */
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
     * An answer as a span of the second text of a pair.
     *
     * @param start index of its first code point in the second text; -1 when there is no answer
     * @param text text of the answer
     */
    record AnswerSpan(int start, String text) implements Label {
        @Override
        public String kind() {
            return "answer-span";
        }
    }

    /** The transcript of speech. */
    record Transcript(String text) implements Label {
        @Override
        public String kind() {
            return "transcript";
        }
    }

    /**
     * The action that an actor took after an observation, and its outcome: one step of an episode, or several
     * consecutive steps. Arrays are owned by the record and must not be changed.
     *
     * @param action name of the action, or its index when actions have no names
     * @param rewards reward of each step in order, finite and undiscounted; at least one
     * @param nextObservation observation after the last of these steps, finite; may be empty when {@code terminal}
     * @param terminal whether these steps end the episode in a terminal state
     * @param truncated whether the actor cut the episode short after these steps, before a terminal state
     * @param episode summary of the whole episode when these are its last steps; otherwise null
     * @param version number of the version that chose the action; null when another policy chose it, or no policy
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
     * Summary of a completed episode.
     *
     * @param total sum of its rewards, finite and undiscounted
     * @param length number of steps; 0 when unknown
     */
    record Episode(double total, int length) {}

    /**
     * Real numbers.
     *
     * @param values finite; owned by the record and must not be changed
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
