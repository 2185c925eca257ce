package io.headwater.domain;

import io.headwater.domain.Command.Action;
import java.util.List;

/**
 * What a person changed about a class of a lane.
 *
 * @param action {@code MERGE_LABEL}, {@code REMOVE_LABEL} or {@code RESTORE_LABEL}
 * @param label the class
 * @param into the class that it became; empty for other actions than {@code MERGE_LABEL}
 * @param offsets offsets of the samples of a removed class that were taken out of what the lane has learned, in this order
 * @param remaining the parts of the lane that still depend on what the class was before; names for people
 */
public record LabelEdit(Action action, String label, String into, List<Long> offsets, List<String> remaining) {
    public LabelEdit {
        if (action != Action.MERGE_LABEL && action != Action.REMOVE_LABEL && action != Action.RESTORE_LABEL) {
            throw new IllegalArgumentException(
                    "the change of a class must be MERGE_LABEL, REMOVE_LABEL or RESTORE_LABEL, but is " + action);
        }
        offsets = List.copyOf(offsets);
        remaining = List.copyOf(remaining);
    }
}
