package io.headwater.featurizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.role.RoleState;
import io.headwater.testing.Await;
import io.headwater.testing.Installation;
import java.util.concurrent.atomic.AtomicInteger;

/** A featurizer on a thread of its own. */
final class RunningFeaturizer implements FeaturizerListener, AutoCloseable {
    private final AtomicInteger records = new AtomicInteger();
    private final FeaturizerRole role;

    RunningFeaturizer(Installation installation, String instance) {
        role = installation.featurizer(instance, this);
        role.start();
    }

    @Override
    public void featurized(int count, int payloads) {
        records.addAndGet(count);
    }

    /** Returns how many records it has featurized. */
    int records() {
        return records.get();
    }

    void awaitRecords(int count) {
        Await.until(
                "the features of " + count + " records, failure " + role.failure(),
                () -> records.get() >= count || role.state() == RoleState.FAILED);
        assertThat(role.failure()).isNull();
    }

    @Override
    public void close() throws InterruptedException {
        role.stop();
        role.awaitEnd();
        assertThat(role.failure()).isNull();
    }
}
