package io.headwater.codec;

import io.headwater.domain.Lane;
import io.headwater.domain.LateEvaluation;
import io.headwater.domain.LateEvaluation.AskedSums;
import io.headwater.domain.LateEvaluation.ClassCount;
import io.headwater.domain.LateEvaluation.ShadowSums;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Limits;
import io.headwater.domain.Rejection.Reason;
import java.time.Duration;

/** Maps late labels and their evaluations to Avro records and back. */
final class LateLabelMapping {

    private LateLabelMapping() {}

    static io.headwater.events.LateLabel toAvro(LateLabel label) {
        return new io.headwater.events.LateLabel(
                label.id(), label.domain(), LabelMapping.toAvro(label.label()), label.observedAt());
    }

    static LateLabel fromAvro(io.headwater.events.LateLabel event) {
        if (!Lane.isDomain(event.getDomain())) {
            throw new RejectionException(
                    Reason.MALFORMED,
                    "domain of a late label must be 1 to 200 characters without '/' and control characters, but is '"
                            + Abbreviation.of(event.getDomain(), Limits.NAME) + "'; name the domain of the request");
        }
        return new LateLabel(
                SampleMapping.id(event.getId()),
                event.getDomain(),
                LabelMapping.fromAvro(event.getLabel()),
                event.getObservedAt());
    }

    static io.headwater.events.LateEvaluation toAvro(LateEvaluation evaluation) {
        AskedSums asked = evaluation.asked();
        ShadowSums shadow = evaluation.shadow();
        return new io.headwater.events.LateEvaluation(
                VersionMapping.toAvro(evaluation.lane()),
                VersionMapping.toAvro(evaluation.version()),
                evaluation.from(),
                evaluation.to(),
                evaluation.halfLife().toMillis(),
                evaluation.scoreName(),
                evaluation.labelled(),
                evaluation.scoreSum(),
                evaluation.classes().stream()
                        .map(one -> new io.headwater.events.ClassCount(one.name(), one.support(), one.correct()))
                        .toList(),
                evaluation.amended(),
                evaluation.expired(),
                evaluation.delays(),
                asked.weights(),
                asked.squaredWeights(),
                asked.weightedScoreSum(),
                asked.weightedExpectedSum(),
                asked.answered(),
                asked.expectedSum(),
                evaluation.at(),
                shadow == null
                        ? null
                        : new io.headwater.events.ShadowSums(shadow.answerScoreSum(), shadow.better(), shadow.worse()));
    }

    static LateEvaluation fromAvro(io.headwater.events.LateEvaluation event) {
        io.headwater.events.ShadowSums shadow = event.getShadow();
        return new LateEvaluation(
                VersionMapping.fromAvro(event.getLane()),
                VersionMapping.fromAvro(event.getVersion()),
                event.getFrom(),
                event.getTo(),
                Duration.ofMillis(event.getHalfLife()),
                event.getScoreName(),
                event.getLabelled(),
                event.getScoreSum(),
                event.getClasses().stream()
                        .map(one -> new ClassCount(one.getName(), one.getSupport(), one.getCorrect()))
                        .toList(),
                event.getAmended(),
                event.getExpired(),
                event.getDelays(),
                new AskedSums(
                        event.getWeights(),
                        event.getSquaredWeights(),
                        event.getWeightedScoreSum(),
                        event.getWeightedExpectedSum(),
                        event.getAnswered(),
                        event.getExpectedSum()),
                event.getAt(),
                shadow == null
                        ? null
                        : new ShadowSums(shadow.getAnswerScoreSum(), shadow.getBetter(), shadow.getWorse()));
    }
}
