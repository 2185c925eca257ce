package io.headwater.cli;

import io.headwater.domain.Command.Action;
import io.headwater.domain.LabelEdit;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.TrainerState;
import io.headwater.ops.CommandDispatch;
import io.headwater.ops.LaneLog;
import io.headwater.ops.RuntimeSettings;
import java.util.List;
import java.util.Objects;

/** Base class of commands that change a class of a lane. */
abstract class LabelDecision extends DecisionCommand {
    /**
     * What was changed.
     *
     * @param version the version that contains the change
     */
    record Changed(ModelVersion version, LabelEdit edit) {}

    /** Sends a command for a class, and returns what the trainer has done. */
    Changed change(Action action, String label, String into, List<Long> offsets) throws InterruptedException {
        RuntimeSettings settings = connection.settings();
        CommandDispatch dispatch = new CommandDispatch(connection.clients(settings), connection.codec(settings));
        TrainerState state = carryOut(dispatch, action, offsets, label, into);
        ModelVersion version =
                published(new LaneLog(connection.clients(settings), connection.codec(settings)), state.version());
        return new Changed(
                version, Objects.requireNonNull(version.lineage().relabelled(), "the version changes a class"));
    }

    /** Prints what still depends on the class, and how the version serves. */
    void printRest(Changed changed) {
        if (!changed.edit().remaining().isEmpty()) {
            output.line(
                    "still dependent on it: %s; 'headwater retrain' lets the lane begin anew without it, and samples"
                            + " that are sent again are learned with the classes of then",
                    String.join(", ", changed.edit().remaining()));
        }
        Lane of = lane;
        output.line(
                "'headwater promote --lane %s' lets version %d serve at once",
                of, changed.version().ref().number());
    }
}
