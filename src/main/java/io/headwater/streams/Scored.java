package io.headwater.streams;

import io.headwater.domain.Label;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Label.MultiLabel;
import io.headwater.domain.Label.TokenTags;
import io.headwater.domain.Prediction;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An answer and its label.
 *
 * @param expected the label
 * @param predicted the answer, of a kind that can be scored by the label
 * @param score of the answer, 0 to 1
 * @param expectedScore of the answer by itself, 0 to 1; NaN when it does not say
 * @param asked the probability with which the request was chosen for labelling; 0 when it was not chosen
 * @param beside score of the answer to the same request by the version that served, when a challenger gave this one; otherwise null
 */
record Scored(
        Label expected,
        Label predicted,
        double score,
        double expectedScore,
        double asked,
        @Nullable Double beside) {

    /** Scores the answer of a version that served. */
    Scored(Label expected, Label predicted, double score, double expectedScore, double asked) {
        this(expected, predicted, score, expectedScore, asked, null);
    }

    static Scored of(Label expected, Prediction prediction, double score, @Nullable Double beside) {
        return new Scored(expected, prediction.answer(), score, expectedScore(prediction), prediction.asked(), beside);
    }

    /** Returns the score that an answer expects of itself: the probability of its class; NaN where there is none. */
    static double expectedScore(Prediction prediction) {
        return prediction.answer() instanceof ClassLabel answer
                ? prediction.probabilities().getOrDefault(answer.name(), Float.NaN)
                : Double.NaN;
    }

    /** Tells each class that is expected, and whether it is predicted; nothing where labels are no classes. */
    void classes(BiConsumer<String, Boolean> told) {
        if (expected instanceof ClassLabel one) {
            told.accept(one.name(), expected.equals(predicted));
        } else if (expected instanceof MultiLabel many && predicted instanceof MultiLabel answer) {
            Set<String> found = answer.names();
            many.names().forEach(name -> told.accept(name, found.contains(name)));
        } else if (expected instanceof TokenTags tags && predicted instanceof TokenTags answer) {
            List<String> words = tags.tags();
            for (int i = 0; i < words.size(); i++) {
                told.accept(words.get(i), words.get(i).equals(answer.tags().get(i)));
            }
        }
    }
}
