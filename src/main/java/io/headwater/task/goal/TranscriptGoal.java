package io.headwater.task.goal;

import io.headwater.domain.Label;
import io.headwater.domain.Label.Transcript;
import io.headwater.domain.Limits;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.OutputActivation;
import io.headwater.engine.OutputLayer;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.PayloadView;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import io.headwater.task.goal.TranscriptMetrics.Edits;
import io.headwater.task.text.Whitespace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A transcript of speech. There is an output for each character (a code point), and the first output is the blank symbol of
 * {@link CtcObjective}. White space between words counts as one space character.
 */
public final class TranscriptGoal implements Goal {
    /** The name of the blank symbol's output. It cannot be a character, because it is longer than one. */
    static final String BLANK = "<blank>";

    private static final String SPACE = " ";

    private final List<String> alphabet;
    private final int beamWidth;

    /**
     * A goal for transcripts.
     *
     * @param alphabet the allowed characters, each one code point; empty to add characters as labels contain them
     * @param beamWidth number of prefixes that the beam search keeps; 1 to take the most probable symbol of each frame
     * @throws IllegalArgumentException when an entry of the alphabet is not one character, or white space other than a space
     */
    public TranscriptGoal(List<String> alphabet, int beamWidth) {
        for (String one : alphabet) {
            if (one.codePointCount(0, one.length()) != 1 || Whitespace.is(one.codePointAt(0)) && !one.equals(SPACE)) {
                throw new IllegalArgumentException(
                        "a label of task automatic-speech-recognition must be one character, and of white space the blank"
                                + " ' ' alone, but is '" + one + "'; correct it, or leave 'labels' out");
            }
        }
        this.alphabet = List.copyOf(alphabet);
        this.beamWidth = beamWidth;
    }

    @Override
    public OutputLayer output() {
        return new OutputLayer(new CtcObjective(), true, OutputActivation.SOFTMAX);
    }

    @Override
    public List<String> names() {
        return Stream.concat(Stream.of(BLANK), alphabet.stream()).toList();
    }

    @Override
    public Outcome<Target> target(PayloadView view, Label label) {
        return target(alphabet, label);
    }

    @Override
    public Outcome<Target> truth(PayloadView view, Label label) {
        return target(List.of(), label);
    }

    private static Outcome<Target> target(List<String> alphabet, Label label) {
        if (!(label instanceof Transcript transcript)) {
            return Outcome.rejected(
                    Reason.WRONG_KIND,
                    "label must be of kind transcript, but is " + label.kind()
                            + "; send it to an adaptation of its kind");
        }
        if (transcript.text().length() > Limits.TRANSCRIPT) {
            return Outcome.rejected(
                    Reason.BAD_LABEL,
                    "a transcript must have at most " + Limits.TRANSCRIPT + " characters, but has "
                            + transcript.text().length() + "; correct it");
        }
        List<String> symbols = symbols(transcript.text());
        if (symbols.isEmpty()) {
            return Outcome.rejected(
                    Reason.BAD_LABEL, "a transcript must say something, but is empty; leave out sounds without speech");
        }
        for (String symbol : symbols) {
            int point = symbol.codePointAt(0);
            boolean isCharacter = !Character.isISOControl(point) && Character.getType(point) != Character.SURROGATE;
            if (!isCharacter || !alphabet.isEmpty() && !alphabet.contains(symbol)) {
                return Outcome.rejected(
                        Reason.BAD_LABEL,
                        "a transcript must consist of "
                                + (alphabet.isEmpty() ? "characters" : "the characters in 'labels'")
                                + ", but holds %s; correct it%s"
                                        .formatted(shown(symbol), alphabet.isEmpty() ? "" : " or add it to 'labels'"));
            }
        }
        return Outcome.ok(Target.of(symbols));
    }

    private static String shown(String symbol) {
        int point = symbol.codePointAt(0);
        return Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE
                ? "U+%04X".formatted(point)
                : "'" + symbol + "'";
    }

    /** The characters of {@code text}, with one space between its words. */
    private static List<String> symbols(String text) {
        return String.join(SPACE, Whitespace.words(text))
                .codePoints()
                .mapToObj(Character::toString)
                .toList();
    }

    /** A transcript needs one frame for each character, and one more frame between two equal characters in a row. */
    @Override
    public Outcome<Target> validate(Target target, int rows) {
        int needed = CtcObjective.framesNeeded(target.code(symbol -> symbol.codePointAt(0)));
        return needed <= rows
                ? Outcome.ok(target)
                : Outcome.rejected(
                        Reason.BAD_LABEL,
                        "a transcript of %d characters needs %d frames of sound, but there are %d; correct it, or lower input.windows.step or raise input.max-seconds of the base model"
                                .formatted(target.symbols().size(), needed, rows));
    }

    @Override
    public Answer decode(List<String> names, float[] logits) {
        CtcDecoder.Decoding decoding = beamWidth > 1
                ? CtcDecoder.beam(logits, names.size(), beamWidth)
                : CtcDecoder.greedy(logits, names.size());
        return new TranscriptAnswer(
                text(decoding.symbols().stream().map(names::get).toList()));
    }

    /** A text without doubled white space. */
    private record TranscriptAnswer(String text) implements Answer {

        /** 1 minus the character error rate; 0 where that is above 1. */
        @Override
        public double score(Target expected) {
            return 1
                    - Math.min(
                            1,
                            TranscriptMetrics.of(List.of(Edits.of(TranscriptGoal.text(expected.symbols()), text)))
                                    .cer());
        }

        @Override
        public Label label(PayloadView view) {
            return new Transcript(text);
        }
    }

    @Override
    public String scoreName() {
        return "characterAccuracy";
    }

    private static String text(List<String> symbols) {
        return String.join(SPACE, Whitespace.words(String.join("", symbols)));
    }

    /** The most frequent transcript; of equals, the last by its text. */
    @Override
    public Optional<Label> majority(List<Label> labels) {
        // Grouped by text, because equal texts are found in a map also when many of them have equal hash codes.
        return labels.stream().collect(Collectors.groupingBy(Label::text)).values().stream()
                .max(Comparator.<List<Label>>comparingInt(List::size)
                        .thenComparing(same -> same.get(0).text()))
                .map(same -> same.get(0));
    }

    @Override
    public SortedMap<String, Double> metrics(List<ScoredPrediction> scored) {
        List<Edits> edits = new ArrayList<>(scored.size());
        scored.forEach(
                one -> edits.add(Edits.of(one.expected().text(), one.predicted().text())));
        TranscriptMetrics measured = TranscriptMetrics.of(edits);
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("wer", measured.wer());
        metrics.put("cer", measured.cer());
        return metrics;
    }
}
