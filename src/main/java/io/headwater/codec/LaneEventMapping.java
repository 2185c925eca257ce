package io.headwater.codec;

import io.headwater.domain.Command;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Serving;
import io.headwater.domain.Thresholds;
import io.headwater.domain.TrainerState;
import io.headwater.domain.TrainerState.Pause;
import io.headwater.domain.TrainerState.Restart;
import io.headwater.events.CommandAction;
import io.headwater.events.DecidedBy;
import io.headwater.events.DriftLevel;
import io.headwater.events.EvaluationKind;
import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Maps evaluations, drift signals, commands, serving events and trainer states to Avro records and back. */
final class LaneEventMapping {

    private LaneEventMapping() {}

    static io.headwater.events.Serving toAvro(Serving serving) {
        Thresholds thresholds = serving.thresholds();
        return new io.headwater.events.Serving(
                VersionMapping.toAvro(serving.version()),
                VersionMapping.toAvroOrNull(serving.previous()),
                DecidedBy.valueOf(serving.decidedBy().name()),
                serving.reason(),
                serving.held(),
                serving.since(),
                thresholds == null
                        ? null
                        : new io.headwater.events.Thresholds(thresholds.coverage(), thresholds.values()),
                serving.servedSince());
    }

    static Serving fromAvro(io.headwater.events.Serving event) {
        io.headwater.events.@Nullable Thresholds thresholds = event.getThresholds();
        return new Serving(
                VersionMapping.fromAvro(event.getVersion()),
                VersionMapping.fromAvroOrNull(event.getPrevious()),
                known(Serving.DecidedBy.class, "decidedBy", event.getDecidedBy()),
                event.getReason(),
                event.getHeld(),
                event.getSince(),
                thresholds == null ? null : new Thresholds(thresholds.getCoverage(), thresholds.getValues()),
                event.getServedSince());
    }

    static io.headwater.events.TrainerState toAvro(TrainerState state) {
        Pause pause = state.pause();
        Restart restart = state.restart();
        return new io.headwater.events.TrainerState(
                VersionMapping.toAvro(state.version()),
                state.nextOffset(),
                state.savedAt(),
                state.fromOffset() == state.nextOffset() ? null : state.fromOffset(),
                pause == null ? null : new io.headwater.events.Pause(pause.since(), pause.reason()),
                restart == null
                        ? null
                        : new io.headwater.events.Restart(
                                VersionMapping.toAvroOrNull(restart.origin()), restart.since()),
                state.commandsOffset(),
                state.samplesTopic(),
                VersionMapping.toAvro(state.lost()),
                state.begun(),
                state.unlabelled(),
                state.unlabelledOffset());
    }

    static TrainerState fromAvro(io.headwater.events.TrainerState event) {
        io.headwater.events.@Nullable Pause pause = event.getPause();
        io.headwater.events.@Nullable Restart restart = event.getRestart();
        @Nullable Long from = event.getFromOffset();
        return new TrainerState(
                VersionMapping.fromAvro(event.getVersion()),
                from == null ? event.getNextOffset() : from,
                event.getNextOffset(),
                event.getSavedAt(),
                pause == null ? null : new Pause(pause.getSince(), pause.getReason()),
                restart == null
                        ? null
                        : new Restart(VersionMapping.fromAvroOrNull(restart.getOrigin()), restart.getSince()),
                event.getCommandsOffset(),
                event.getSamplesTopic(),
                VersionMapping.fromAvro(event.getLost()),
                event.getBegun(),
                event.getUnlabelled(),
                event.getUnlabelledOffset());
    }

    static io.headwater.events.Evaluation toAvro(Evaluation evaluation) {
        return new io.headwater.events.Evaluation(
                VersionMapping.toAvro(evaluation.lane()),
                EvaluationKind.valueOf(evaluation.kind().name()),
                evaluation.champion(),
                evaluation.challenger(),
                evaluation.fromOffset(),
                evaluation.toOffset(),
                evaluation.samples(),
                new TreeMap<>(evaluation.metrics()),
                evaluation.verdict(),
                ClassAnswersMapping.toAvroOrNull(evaluation.answers()),
                evaluation.at());
    }

    static Evaluation fromAvro(io.headwater.events.Evaluation event) {
        return new Evaluation(
                VersionMapping.fromAvro(event.getLane()),
                known(Evaluation.Kind.class, "kind", event.getKind()),
                event.getChampion(),
                event.getChallenger(),
                event.getFromOffset(),
                event.getToOffset(),
                event.getSamples(),
                event.getMetrics(),
                event.getVerdict(),
                ClassAnswersMapping.fromAvroOrNull(event.getAnswers()),
                event.getAt());
    }

    static io.headwater.events.DriftSignal toAvro(DriftSignal signal) {
        return new io.headwater.events.DriftSignal(
                VersionMapping.toAvro(signal.lane()),
                signal.detector(),
                DriftLevel.valueOf(signal.level().name()),
                signal.signal(),
                signal.statistic(),
                signal.threshold(),
                signal.offset(),
                signal.at());
    }

    static DriftSignal fromAvro(io.headwater.events.DriftSignal event) {
        return new DriftSignal(
                VersionMapping.fromAvro(event.getLane()),
                event.getDetector(),
                known(DriftSignal.Level.class, "level", event.getLevel()),
                event.getSignal(),
                event.getStatistic(),
                event.getThreshold(),
                event.getOffset(),
                event.getAt());
    }

    static io.headwater.events.Command toAvro(Command command) {
        return new io.headwater.events.Command(
                VersionMapping.toAvro(command.lane()),
                CommandAction.valueOf(command.action().name()),
                VersionMapping.toAvroOrNull(command.version()),
                command.by(),
                command.reason(),
                command.at(),
                command.sampleId(),
                command.offsets(),
                command.label(),
                command.into());
    }

    static Command fromAvro(io.headwater.events.Command event) {
        return new Command(
                VersionMapping.fromAvro(event.getLane()),
                known(Command.Action.class, "action", event.getAction()),
                VersionMapping.fromAvroOrNull(event.getVersion()),
                event.getBy(),
                event.getReason(),
                event.getAt(),
                event.getSampleId(),
                event.getOffsets(),
                event.getLabel(),
                event.getInto());
    }

    /**
     * Returns the constant of {@code type} named {@code symbol}. A symbol from a newer writer is decoded as UNKNOWN.
     */
    static <E extends Enum<E>> E known(Class<E> type, String field, Enum<?> symbol) {
        E[] constants = type.getEnumConstants();
        return Arrays.stream(constants)
                .filter(constant -> constant.name().equals(symbol.name()))
                .findFirst()
                .orElseThrow(() -> new RejectionException(
                        Reason.MALFORMED,
                        field + " must be one of " + Arrays.toString(constants) + ", but is " + symbol
                                + "; if a newer Headwater wrote it, upgrade this one"));
    }
}
