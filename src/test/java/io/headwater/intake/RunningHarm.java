package io.headwater.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.testing.BrokerUnderTest;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Runs a predictor whose preparation does harm, and again when it has ended, as Kubernetes does. */
final class RunningHarm {
    private RunningHarm() {}

    /** Answers requests until {@code done}; fails when that needs more than {@code mostStarts} processes. */
    static void predict(Path folder, BrokerUnderTest broker, String prefix, BooleanSupplier done, int mostStarts)
            throws Exception {
        Process process = HarmProcess.predict(folder, broker.bootstrapServers(), prefix);
        int starts = 1;
        try {
            while (!done.getAsBoolean()) {
                if (process.waitFor(200, TimeUnit.MILLISECONDS)) {
                    assertThat(starts)
                            .as(() -> "processes that were needed: " + HarmProcess.log(folder))
                            .isLessThan(mostStarts);
                    process = HarmProcess.predict(folder, broker.bootstrapServers(), prefix);
                    starts++;
                }
            }
            process.getOutputStream().close();
            assertThat(process.waitFor()).as(() -> HarmProcess.log(folder)).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
