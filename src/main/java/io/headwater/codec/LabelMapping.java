package io.headwater.codec;

import io.headwater.domain.Label;
import io.headwater.domain.Limits;
import io.headwater.domain.Rejection.Reason;
import io.headwater.events.AnswerSpan;
import io.headwater.events.ClassLabel;
import io.headwater.events.MultiLabel;
import io.headwater.events.TokenTags;
import io.headwater.events.Transcript;
import io.headwater.events.Transition;
import io.headwater.events.Values;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** Maps labels to branches of the Avro union of labels and back. */
final class LabelMapping {

    private LabelMapping() {}

    static Object toAvro(Label label) {
        if (label instanceof Label.ClassLabel one) {
            return new ClassLabel(one.name());
        } else if (label instanceof Label.MultiLabel many) {
            return new MultiLabel(List.copyOf(many.names()));
        } else if (label instanceof Label.TokenTags tags) {
            return new TokenTags(tags.tokens(), tags.tags());
        } else if (label instanceof Label.AnswerSpan span) {
            return new AnswerSpan(span.start(), span.text());
        } else if (label instanceof Label.Transcript transcript) {
            return new Transcript(transcript.text());
        } else if (label instanceof Label.Values values) {
            return new Values(Floats.asList(values.values()));
        }
        return transition((Label.Transition) label);
    }

    static Label fromAvro(Object branch) {
        if (branch instanceof ClassLabel one) {
            return new Label.ClassLabel(name(one.getName()));
        } else if (branch instanceof MultiLabel many) {
            return multiLabel(many.getNames());
        } else if (branch instanceof TokenTags tags) {
            return tokenTags(tags.getTokens(), tags.getTags());
        } else if (branch instanceof AnswerSpan span) {
            return answerSpan(span.getStart(), span.getText());
        } else if (branch instanceof Transcript transcript) {
            return new Label.Transcript(transcript.getText());
        } else if (branch instanceof Values values) {
            return new Label.Values(Floats.toFiniteArray("values", values.getValues()));
        }
        return transition((Transition) branch);
    }

    private static Label multiLabel(List<String> names) {
        if (names.size() > Limits.NAMES) {
            throw new RejectionException(
                    Reason.BAD_LABEL,
                    "a multi-label must have at most " + Limits.NAMES + " names, but has " + names.size());
        }
        names.forEach(LabelMapping::name);
        return new Label.MultiLabel(new TreeSet<>(names));
    }

    private static String name(String name) {
        if (name.isEmpty()) {
            throw new RejectionException(Reason.BAD_LABEL, "a class must have a name, but it is empty; name it");
        }
        return name;
    }

    private static Label tokenTags(List<String> tokens, List<String> tags) {
        if (tokens.size() != tags.size()) {
            throw new RejectionException(
                    Reason.BAD_LABEL,
                    "token tags must have one tag a token, but have " + tags.size() + " tags and " + tokens.size()
                            + " tokens; repair the producer");
        }
        return new Label.TokenTags(tokens, tags);
    }

    private static Label answerSpan(int start, String text) {
        if (start < -1) {
            throw new RejectionException(
                    Reason.BAD_LABEL,
                    "start of an answer must be an index of its text, or -1 for no answer, but is " + start);
        }
        return new Label.AnswerSpan(start, text);
    }

    private static Transition transition(Label.Transition label) {
        Label.Episode episode = label.episode();
        return new Transition(
                label.action(),
                Arrays.stream(label.rewards()).boxed().toList(),
                Floats.asList(label.nextObservation()),
                label.terminal(),
                label.truncated(),
                episode == null ? null : episode.total(),
                episode == null ? 0 : episode.length(),
                label.version());
    }

    private static Label transition(Transition event) {
        double[] rewards = new double[event.getRewards().size()];
        for (int i = 0; i < rewards.length; i++) {
            rewards[i] = reward("reward " + i, event.getRewards().get(i));
        }
        Double total = event.getEpisodeReturn();
        return new Label.Transition(
                event.getAction(),
                rewards,
                Floats.toFiniteArray("nextObservation", event.getNextObservation()),
                event.getTerminal(),
                event.getTruncated(),
                total == null ? null : new Label.Episode(reward("the return", total), event.getEpisodeLength()),
                event.getVersion());
    }

    private static double reward(String what, double value) {
        if (!Double.isFinite(value)) {
            throw new RejectionException(
                    Reason.NOT_FINITE,
                    what + " of a transition must be finite, but is " + value + "; drop or repair the transition");
        }
        return value;
    }
}
