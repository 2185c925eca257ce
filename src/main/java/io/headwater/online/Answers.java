package io.headwater.online;

import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import java.util.List;

/** Where the answers of a batch go. */
@FunctionalInterface
interface Answers {
    /** Passes answers on to the caller. */
    Answers TO_CALLER = (call, outcomes) -> call.result().complete(new CallResult.Answered(outcomes));

    /** Takes the answers of a call, one for each of its requests. */
    void complete(Call call, List<Outcome<Prediction>> outcomes);
}
