package io.headwater.task.goal;

import io.headwater.domain.Label;
import io.headwater.domain.Label.TokenTags;
import io.headwater.domain.Limits;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.PredictionRegion;
import io.headwater.domain.PredictionRegion.TagSets;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Thresholds;
import io.headwater.engine.Logits;
import io.headwater.engine.OutputActivation;
import io.headwater.engine.OutputLayer;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.LinearTarget;
import io.headwater.task.PayloadView;
import io.headwater.task.PredictionSet;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import io.headwater.task.text.TokenizedText;
import io.headwater.task.text.Tokenizer.Tokens;
import io.headwater.task.text.Whitespace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A tag for each word of a text, where words are separated by white space. The tag of a word is predicted at its first token
 * (Devlin et al. 2019, "BERT", section 5.3). Words after the truncation of the text have the tag O. Labels may be of any
 * scheme that {@link TagSchemes} reads; IOB2 is learned and predicted.
 */
public final class TagGoal implements Goal {
    private static final String OUTSIDE = "O";

    private final List<String> allowed;
    private final Set<String> known;
    private final double smoothing;

    /**
     * Tags of the words of texts whose preparation makes views of type {@link TokenizedText}.
     *
     * @param allowed the only tags; empty when any of IOB2 will do
     */
    public TagGoal(List<String> allowed, double smoothing) {
        this.allowed = List.copyOf(allowed);
        this.known = new HashSet<>(allowed);
        this.smoothing = smoothing;
        new BioTags(names()); // rejects invalid tags
    }

    /**
     * The words of a text.
     *
     * @param rows of the first token of each word; -1 for words after the truncation of the text
     * @param length tokens of the text
     */
    private record Words(List<String> words, int[] rows, int length) {}

    @Override
    public OutputLayer output() {
        return new OutputLayer(new TokenObjective(smoothing), true, OutputActivation.SOFTMAX);
    }

    @Override
    public List<String> names() {
        return allowed.isEmpty() ? List.of(OUTSIDE) : allowed;
    }

    @Override
    public Outcome<Target> target(PayloadView view, Label label) {
        return tagged(view, label).then(tagged -> {
            for (String tag : tagged.tags()) {
                if (!allowed.isEmpty() && !known.contains(tag)) {
                    return refused("one of " + allowed, tag);
                }
            }
            return Outcome.ok(tagged.target());
        });
    }

    @Override
    public Outcome<Target> truth(PayloadView view, Label label) {
        return tagged(view, label).then(tagged -> Outcome.ok(tagged.target()));
    }

    /**
     * The tags of the words of a text.
     *
     * @param tags of IOB2, one for each word
     */
    private record Tagged(Words words, List<String> tags) {
        Target target() {
            String[] symbols = new String[words.length()];
            Arrays.fill(symbols, "");
            for (int i = 0; i < words.rows().length; i++) {
                if (words.rows()[i] >= 0) {
                    symbols[words.rows()[i]] = tags.get(i);
                }
            }
            return Target.of(List.of(symbols));
        }
    }

    private Outcome<Tagged> tagged(PayloadView view, Label label) {
        if (!(view.payload() instanceof Payload.Text) || !(label instanceof TokenTags tagged)) {
            return Outcome.rejected(
                    Reason.WRONG_KIND,
                    "a sample must be a text with a label of kind token-tags, but is "
                            + view.payload().kind() + " with "
                            + label.kind() + "; send it to an adaptation of its kind");
        }
        Words words = words(view);
        if (!words.words().equals(tagged.tokens())
                || tagged.tokens().size() != tagged.tags().size()) {
            return Outcome.rejected(
                    Reason.BAD_LABEL,
                    "label must have a tag for each of the " + words.words().size()
                            + " words between the white space of its text, but has "
                            + tagged.tokens().size() + " tokens and "
                            + tagged.tags().size()
                            + " tags; send the tokens joined by single spaces as the text");
        }
        for (String tag : tagged.tags()) {
            if (tag.length() > Limits.NAME) {
                return Outcome.rejected(
                        Reason.BAD_LABEL,
                        "a tag must have at most " + Limits.NAME + " characters, but has " + tag.length()
                                + "; shorten its type");
            }
            if (!TagSchemes.isTag(tag)) {
                return refused("O, B-type or I-type, or of the schemes IOBES and BILOU", tag);
            }
        }
        return Outcome.ok(new Tagged(words, TagSchemes.iob2(tagged.tags(), this::isInsideOnly)));
    }

    private static <T> Outcome<T> refused(String rule, String tag) {
        return Outcome.rejected(
                Reason.BAD_LABEL, "a tag must be " + rule + ", but is '" + tag + "'; correct it or add it to 'labels'");
    }

    /** Returns whether the configured tags have only an I-type for the entities of {@code type}. */
    private boolean isInsideOnly(String type) {
        return known.contains("I-" + type) && !known.contains("B-" + type);
    }

    @Override
    public Optional<LinearTarget> linearTarget() {
        return Optional.of(LinearTarget.CLASSES);
    }

    @Override
    public int thresholds() {
        return 1;
    }

    @Override
    public Answer decode(List<String> names, float[] logits) {
        return new TagsAnswer(names, logits);
    }

    /** The logits of a text. Its tags can be read from them where the rows that begin words are known. */
    private record TagsAnswer(List<String> names, float[] logits) implements Answer {

        /** F1 of the entities of one text; 1 where there are none and none are predicted. */
        @Override
        public double score(Target expected) {
            int[] rows = IntStream.range(0, expected.symbols().size())
                    .filter(row -> !expected.symbols().get(row).isEmpty())
                    .toArray();
            List<String> tags = Arrays.stream(rows)
                    .mapToObj(row -> expected.symbols().get(row))
                    .toList();
            EntityMetrics.Counts counts = EntityMetrics.Counts.of(tags, tags(rows));
            long entities = counts.expected() + counts.predicted();
            return entities == 0 ? 1 : 2.0 * counts.correct() / entities;
        }

        /** {@inheritDoc} It is the mean over the words of the quadratic score of the tag's probabilities. */
        @Override
        public double quality(Target expected) {
            double sum = 0;
            int words = 0;
            for (int row = 0; row < expected.symbols().size(); row++) {
                String tag = expected.symbols().get(row);
                if (!tag.isEmpty()) {
                    sum += QuadraticScore.ofClass(logits, row * names.size(), names.size(), names.indexOf(tag));
                    words++;
                }
            }
            return words == 0 ? 1 : sum / words;
        }

        @Override
        public Label label(PayloadView view) {
            Words words = words(view);
            int[] read = Arrays.stream(words.rows()).filter(row -> row >= 0).toArray();
            List<String> tags = new ArrayList<>(tags(read));
            while (tags.size() < words.words().size()) {
                tags.add(OUTSIDE);
            }
            return new TokenTags(words.words(), tags);
        }

        private float[] softmax(int row) {
            int from = row * names.size();
            float[] probabilities = Arrays.copyOfRange(logits, from, from + names.size());
            Logits.softmax(probabilities, 0, probabilities.length);
            return probabilities;
        }

        /** {@inheritDoc} There is one for each word that was read. */
        @Override
        public double[] nonconformity(Target expected) {
            List<String> tags = expected.symbols();
            return IntStream.range(0, tags.size())
                    .filter(row -> !tags.get(row).isEmpty())
                    .mapToDouble(row -> PredictionSet.score(softmax(row), names.indexOf(tags.get(row))))
                    .toArray();
        }

        /** {@inheritDoc} A word after the truncation of the text may have any tag. */
        @Override
        public Optional<PredictionRegion> region(PayloadView view, Thresholds thresholds) {
            double threshold = thresholds.values().get(0);
            return Optional.of(new TagSets(
                    thresholds.coverage(),
                    Arrays.stream(words(view).rows())
                            .mapToObj(row -> row < 0
                                    ? names
                                    : PredictionSet.of(softmax(row), threshold).names(names))
                            .toList()));
        }

        /** {@inheritDoc} It is the mean over the words that were read; 0 where there are none. */
        @Override
        public double risk(PayloadView view) {
            int[] read =
                    Arrays.stream(words(view).rows()).filter(row -> row >= 0).toArray();
            List<String> tags = tags(read);
            return IntStream.range(0, read.length)
                    .mapToDouble(word -> PredictionSet.score(softmax(read[word]), names.indexOf(tags.get(word))))
                    .average()
                    .orElse(0);
        }

        private List<String> tags(int[] rows) {
            return new BioTags(names).decode(logits, rows);
        }
    }

    @Override
    public String scoreName() {
        return "textF1";
    }

    private static Words words(PayloadView view) {
        Tokens tokens = ((TokenizedText) view).tokens();
        List<String> words = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int[] points = ((Payload.Text) view.payload()).text().codePoints().toArray();
        for (int i = 0; i <= points.length; i++) {
            if (i == points.length || Whitespace.is(points[i])) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            } else {
                if (word.isEmpty()) {
                    starts.add(i);
                }
                word.appendCodePoint(points[i]);
            }
        }
        int[] rows = new int[words.size()];
        int row = 0;
        for (int i = 0; i < rows.length; i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) : points.length;
            while (row < tokens.length() && (tokens.texts()[row] < 0 || tokens.ends()[row] <= starts.get(i))) {
                row++;
            }
            rows[i] = row < tokens.length() && tokens.starts()[row] < end ? row : -1;
        }
        return new Words(words, rows, tokens.length());
    }

    @Override
    public SortedMap<String, Double> metrics(List<ScoredPrediction> scored) {
        EntityMetrics measured = EntityMetrics.of(scored.stream()
                .map(one -> EntityMetrics.Counts.of(
                        TagSchemes.iob2(tags(one.expected()), type -> false), tags(one.predicted())))
                .toList());
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("entityPrecision", measured.entityPrecision());
        metrics.put("entityRecall", measured.entityRecall());
        metrics.put("entityF1", measured.entityF1());
        return metrics;
    }

    private static List<String> tags(Label label) {
        return ((TokenTags) label).tags();
    }
}
