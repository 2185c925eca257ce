package io.headwater.online;

import io.headwater.domain.Lane;
import java.time.Duration;
import java.util.List;

/**
 * Settings of the role that answers callers.
 *
 * @param queue how many requests of an adaptation may wait, at least {@link CallQueue#MOST}
 * @param longest how long a request may have to wait for those before it, positive
 * @param isLogged whether requests and their answers are written to the topics before they are passed on
 * @param shadows challengers that answer some of the logged requests, too; at most one for each lane
 * @param required lanes without whose versions the role is not ready; those of other adaptations do not matter
 */
public record OnlineSettings(int queue, Duration longest, boolean isLogged, List<Shadow> shadows, List<Lane> required) {
    /** How many requests may wait by default. */
    public static final int USUAL_QUEUE = 512;

    /** How long a request may have to wait by default. */
    public static final Duration USUAL_WAIT = Duration.ofSeconds(2);

    /** The default settings. */
    public static final OnlineSettings USUAL = new OnlineSettings(USUAL_QUEUE, false, List.of());

    public OnlineSettings {
        shadows = List.copyOf(shadows);
        required = List.copyOf(required);
    }

    /** Creates settings with the usual wait and without challengers. */
    public OnlineSettings(int queue, boolean isLogged, List<Lane> required) {
        this(queue, USUAL_WAIT, isLogged, List.of(), required);
    }
}
