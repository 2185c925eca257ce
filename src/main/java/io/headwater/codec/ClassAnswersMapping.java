package io.headwater.codec;

import io.headwater.domain.ClassAnswers;
import io.headwater.domain.ClassAnswers.AnswerPair;
import io.headwater.domain.ClassAnswers.ConfidenceBin;
import io.headwater.domain.ClassAnswers.Mistake;
import org.jspecify.annotations.Nullable;

/** Maps what a version answered, by class, to Avro records and back. */
final class ClassAnswersMapping {

    private ClassAnswersMapping() {}

    static io.headwater.events.@Nullable ClassAnswers toAvroOrNull(@Nullable ClassAnswers answers) {
        return answers == null
                ? null
                : new io.headwater.events.ClassAnswers(
                        answers.pairs().stream()
                                .map(one -> new io.headwater.events.AnswerPair(
                                        one.expected(), one.predicted(), one.samples()))
                                .toList(),
                        answers.bins().stream()
                                .map(one -> new io.headwater.events.ConfidenceBin(
                                        one.tenth(), one.samples(), one.right(), one.confidence()))
                                .toList(),
                        answers.mistakes().stream()
                                .map(one -> new io.headwater.events.Mistake(
                                        one.offset(), one.expected(), one.predicted(), one.confidence()))
                                .toList());
    }

    static @Nullable ClassAnswers fromAvroOrNull(io.headwater.events.@Nullable ClassAnswers event) {
        return event == null
                ? null
                : new ClassAnswers(
                        event.getPairs().stream()
                                .map(one -> new AnswerPair(one.getExpected(), one.getPredicted(), one.getSamples()))
                                .toList(),
                        event.getBins().stream()
                                .map(one -> new ConfidenceBin(
                                        one.getTenth(), one.getSamples(), one.getRight(), one.getConfidence()))
                                .toList(),
                        event.getMistakes().stream()
                                .map(one -> new Mistake(
                                        one.getOffset(), one.getExpected(), one.getPredicted(), one.getConfidence()))
                                .toList());
    }
}
