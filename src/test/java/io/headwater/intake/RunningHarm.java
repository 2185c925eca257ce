package io.headwater.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.testing.BrokerUnderTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Runs predictors whose preparation does harm, and again when one has ended, as Kubernetes does. */
final class RunningHarm {
    private RunningHarm() {}

    /** Answers requests until {@code done}; fails when that needs more than {@code mostStarts} processes. */
    static void predict(Path folder, BrokerUnderTest broker, String prefix, BooleanSupplier done, int mostStarts)
            throws Exception {
        predict(folder, broker, prefix, List.of(HarmProcess.ADAPTATION), done, mostStarts);
    }

    /** Answers requests to several adaptations until {@code done}; each may need at most {@code mostStarts} processes. */
    static void predict(
            Path folder,
            BrokerUnderTest broker,
            String prefix,
            List<String> adaptations,
            BooleanSupplier done,
            int mostStarts)
            throws Exception {
        List<Process> processes = new ArrayList<>();
        int[] starts = new int[adaptations.size()];
        try {
            for (int i = 0; i < starts.length; i++) {
                processes.add(HarmProcess.predict(folder, broker.bootstrapServers(), prefix, adaptations.get(i)));
                starts[i]++;
            }
            while (!done.getAsBoolean()) {
                for (int i = 0; i < starts.length; i++) {
                    if (processes.get(i).waitFor(200, TimeUnit.MILLISECONDS)) {
                        assertThat(starts[i])
                                .as(() -> "processes that were needed: " + HarmProcess.log(folder))
                                .isLessThan(mostStarts);
                        processes.set(
                                i, HarmProcess.predict(folder, broker.bootstrapServers(), prefix, adaptations.get(i)));
                        starts[i]++;
                    }
                }
            }
            for (Process process : processes) {
                process.getOutputStream().close();
                assertThat(process.waitFor()).as(() -> HarmProcess.log(folder)).isZero();
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }
}
