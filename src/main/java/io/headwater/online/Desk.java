package io.headwater.online;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelInput;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Outcome;
import io.headwater.domain.Request;
import io.headwater.domain.VersionRef;
import io.headwater.online.CallResult.TurnedAway;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where callers ask the lanes of one adaptation. Safe for use by several threads. */
public interface Desk {
    /** Returns the adaptation. */
    AdaptationConfig adaptation();

    /** Returns what its base model reads. */
    BaseModelInput input();

    /**
     * Returns a request as it would be read from its topic, or why it cannot be used: it is held to the same limits, with the same
     * messages.
     */
    Outcome<Request> check(Request request);

    /** As {@link #check(Request)}, for the label of a request. */
    Outcome<LateLabel> check(LateLabel label);

    /**
     * Sends the label of a request to its topic.
     *
     * @return completed with nothing when the brokers have it, or else with the reason why they do not
     */
    CompletableFuture<Optional<TurnedAway>> label(LateLabel label);

    /** Asks. The result of the call is completed later, or at once when it is turned away. */
    void ask(Call call);

    /** Returns the version that serves each domain which has one of its own. */
    Map<String, VersionRef> serving();

    /** Returns what must be there before the desk is ready, as text for people; empty when it is ready. */
    List<String> waits();
}
