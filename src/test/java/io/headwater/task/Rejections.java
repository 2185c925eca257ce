package io.headwater.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;

/** Assertions on what was refused. */
public final class Rejections {
    private Rejections() {}

    public static void assertRejected(Outcome<?> outcome, Reason reason, String message) {
        assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
        Rejection rejection = ((Outcome.Rejected<?>) outcome).rejection();
        assertThat(rejection.reason()).as(rejection.message()).isEqualTo(reason);
        assertThat(rejection.message()).contains(message);
    }
}
