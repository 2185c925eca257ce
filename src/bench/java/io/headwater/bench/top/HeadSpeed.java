package io.headwater.bench.top;

import io.headwater.engine.dense.GraphHead;
import io.headwater.engine.dense.HeadSpec;
import io.headwater.engine.device.EngineInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Random;

/**
 * Prints the cost of a head's calls in microseconds: a training step of 64 rows and an inference call of 16 rows. Not
 * a test.
 */
final class HeadSpeed {
    private HeadSpeed() {}

    public static void main(String[] arguments) {
        System.out.println(EngineInfo.current());
        for (int hidden : new int[] {0, 128}) {
            try (GraphHead head = GraphHead.create(new HeadSpec(384, hidden, 0.001, 1), 2)) {
                float[][] x = features(64);
                float[][] few = features(16);
                float[][] y = new float[64][];
                float[] w = new float[64];
                for (int i = 0; i < 64; i++) {
                    y[i] = i % 2 == 0 ? new float[] {0.95f, 0.05f} : new float[] {0.05f, 0.95f};
                    w[i] = 1;
                }
                for (int round = 0; round < 4; round++) {
                    double train = time(1000, () -> head.train(x, y, w));
                    double serve = time(2000, () -> head.probabilities(few));
                    double state = time(200, head::state);
                    System.out.printf(
                            "hidden=%d trainMicros=%.0f probabilitiesMicros=%.0f stateMicros=%.0f residentMiB=%d%n",
                            hidden, train, serve, state, residentMiB());
                }
            }
        }
    }

    private static float[][] features(int rows) {
        Random random = new Random(1);
        float[][] x = new float[rows][384];
        for (float[] row : x) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) random.nextGaussian() / 20;
            }
        }
        return x;
    }

    private static double time(int calls, Runnable call) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime(); // other work on the machine does not count
        for (int i = 0; i < calls; i++) {
            call.run();
        }
        return (threads.getCurrentThreadCpuTime() - start) / 1e3 / calls;
    }

    private static long residentMiB() {
        return org.bytedeco.javacpp.Pointer.physicalBytes() >> 20;
    }
}
