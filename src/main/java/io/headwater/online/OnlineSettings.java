package io.headwater.online;

import io.headwater.domain.Lane;
import java.util.List;

/**
 * Settings of the role that answers callers.
 *
 * @param queue how many requests of an adaptation may wait, at least {@link CallQueue#MOST}
 * @param isLogged whether requests and their answers are written to the topics before they are passed on
 * @param shadows challengers that answer some of the logged requests, too; at most one for each lane
 * @param required lanes without whose versions the role is not ready; those of other adaptations do not matter
 */
public record OnlineSettings(int queue, boolean isLogged, List<Shadow> shadows, List<Lane> required) {
    /** How many requests may wait by default. */
    public static final int USUAL_QUEUE = 512;

    /** The default settings. */
    public static final OnlineSettings USUAL = new OnlineSettings(USUAL_QUEUE, false, List.of());

    public OnlineSettings {
        shadows = List.copyOf(shadows);
        required = List.copyOf(required);
    }

    /** Creates settings without challengers. */
    public OnlineSettings(int queue, boolean isLogged, List<Lane> required) {
        this(queue, isLogged, List.of(), required);
    }
}
