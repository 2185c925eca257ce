package io.headwater.domain;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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

    /** The reward of a transition, finite. */
    record Reward(double value) implements Label {
        @Override
        public String text() {
            return Double.toString(value);
        }

        @Override
        public String kind() {
            return "reward";
        }
    }

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
