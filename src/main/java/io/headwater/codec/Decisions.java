package io.headwater.codec;

import io.headwater.domain.Command;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import io.headwater.events.CommandAction;
import io.headwater.events.DecidedBy;
import io.headwater.events.EvaluationKind;
import java.util.Arrays;
import java.util.TreeMap;

/** What is measured, wanted and decided about a lane. */
final class Decisions {

    private Decisions() {}

    static io.headwater.events.Serving write(Serving serving) {
        return new io.headwater.events.Serving(
                Versions.write(serving.version()),
                Versions.writeOptional(serving.previous()),
                DecidedBy.valueOf(serving.decidedBy().name()),
                serving.reason(),
                serving.held(),
                serving.since());
    }

    static Serving read(io.headwater.events.Serving event) {
        return new Serving(
                Versions.read(event.getVersion()),
                Versions.readOptional(event.getPrevious()),
                known(Serving.DecidedBy.class, "decidedBy", event.getDecidedBy()),
                event.getReason(),
                event.getHeld(),
                event.getSince());
    }

    static io.headwater.events.TrainerState write(TrainerState state) {
        return new io.headwater.events.TrainerState(
                Versions.write(state.version()), state.nextOffset(), state.savedAt());
    }

    static TrainerState read(io.headwater.events.TrainerState event) {
        return new TrainerState(Versions.read(event.getVersion()), event.getNextOffset(), event.getSavedAt());
    }

    static io.headwater.events.Evaluation write(Evaluation evaluation) {
        return new io.headwater.events.Evaluation(
                Versions.write(evaluation.lane()),
                EvaluationKind.valueOf(evaluation.kind().name()),
                evaluation.champion(),
                evaluation.challenger(),
                evaluation.fromOffset(),
                evaluation.toOffset(),
                evaluation.samples(),
                new TreeMap<>(evaluation.metrics()),
                evaluation.verdict(),
                evaluation.at());
    }

    static Evaluation read(io.headwater.events.Evaluation event) {
        return new Evaluation(
                Versions.read(event.getLane()),
                known(Evaluation.Kind.class, "kind", event.getKind()),
                event.getChampion(),
                event.getChallenger(),
                event.getFromOffset(),
                event.getToOffset(),
                event.getSamples(),
                event.getMetrics(),
                event.getVerdict(),
                event.getAt());
    }

    static io.headwater.events.Command write(Command command) {
        return new io.headwater.events.Command(
                Versions.write(command.lane()),
                CommandAction.valueOf(command.action().name()),
                Versions.writeOptional(command.version()),
                command.by(),
                command.reason(),
                command.at());
    }

    static Command read(io.headwater.events.Command event) {
        return new Command(
                Versions.read(event.getLane()),
                known(Command.Action.class, "action", event.getAction()),
                Versions.readOptional(event.getVersion()),
                event.getBy(),
                event.getReason(),
                event.getAt());
    }

    /** The constant of {@code type} that {@code symbol} names; a newer writer's symbol reads as UNKNOWN. */
    private static <E extends Enum<E>> E known(Class<E> type, String field, Enum<?> symbol) {
        E[] constants = type.getEnumConstants();
        return Arrays.stream(constants)
                .filter(constant -> constant.name().equals(symbol.name()))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        Reason.MALFORMED,
                        field + " must be one of " + Arrays.toString(constants) + ", but is " + symbol
                                + "; if a newer Headwater wrote it, upgrade this one"));
    }
}
