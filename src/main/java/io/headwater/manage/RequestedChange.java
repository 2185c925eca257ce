package io.headwater.manage;

import io.headwater.domain.Command.Action;
import io.headwater.domain.Lane;
import org.jspecify.annotations.Nullable;

/**
 * A decision of a person about a lane.
 *
 * @param version number of the version that it is about; null for the one that the action takes by itself
 * @param expected number of the version that served when the person decided; null when that does not matter
 * @param sample id of the sample to forget; empty for other actions
 * @param by who decided, as they say it
 * @param reason why
 */
public record RequestedChange(
        Lane lane,
        Action action,
        @Nullable Long version,
        @Nullable Long expected,
        String sample,
        String by,
        String reason) {}
