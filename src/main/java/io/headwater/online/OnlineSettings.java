package io.headwater.online;

import io.headwater.domain.Lane;
import java.util.List;

/**
 * Settings of the role that answers callers.
 *
 * @param queue how many requests of an adaptation may wait, at least {@link CallQueue#MOST}
 * @param isLogged whether requests and their answers are written to the topics before they are passed on
 * @param required lanes without whose versions the role is not ready; those of other adaptations do not matter
 */
public record OnlineSettings(int queue, boolean isLogged, List<Lane> required) {
    /** How many requests may wait by default. */
    public static final int USUAL_QUEUE = 512;

    /** The default settings. */
    public static final OnlineSettings USUAL = new OnlineSettings(USUAL_QUEUE, false, List.of());

    public OnlineSettings {
        required = List.copyOf(required);
    }
}
