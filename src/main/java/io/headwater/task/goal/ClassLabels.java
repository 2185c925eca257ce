package io.headwater.task.goal;

import io.headwater.domain.Label;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Limits;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import java.util.List;

/**
 * Checks class labels.
 *
 * @param allowed the allowed names; empty to allow any
 */
public record ClassLabels(List<String> allowed) {
    /** The class that {@code label} names, or why it cannot be used. */
    public Outcome<String> target(Label label) {
        if (!(label instanceof ClassLabel named)) {
            return Outcome.rejected(
                    Reason.WRONG_KIND,
                    "label must be of kind class, but is " + label.kind() + "; send it to an adaptation of its kind");
        }
        String name = named.name();
        if (name.isBlank() || name.length() > Limits.NAME) {
            return Outcome.rejected(
                    Reason.BAD_LABEL,
                    "label must have 1 to " + Limits.NAME + " characters, not all blank, but has " + name.length());
        }
        if (!allowed.isEmpty() && !allowed.contains(name)) {
            return Outcome.rejected(
                    Reason.BAD_LABEL,
                    "label must be one of the " + allowed.size() + " configured, but is '" + name
                            + "'; correct it or add it to 'labels'");
        }
        return Outcome.ok(name);
    }
}
