package io.headwater.bench.top;

import io.headwater.bench.Machine;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** An engine that performs steps on one batch, alone in its process, controlled by {@link TopProcess}. */
interface TopEngine extends AutoCloseable {

    /** Performs a step and returns the loss before it, or 0 if the engine computes none. */
    double step() throws Exception;

    /** Returns the gradients of the loss with respect to all trained parameters at the initial weights, by name. */
    Map<String, Tensor.F32> gradients() throws Exception;

    @Override
    void close();

    /**
     * Handles commands until the input ends. {@code step N} is answered with the nanoseconds of each step, those
     * of the processor time of its thread, and its loss; {@code gradients FILE} writes the gradients to that file in the safetensors format; {@code peak} is
     * answered with the peak memory since the engine began to serve and since the process began, in MiB.
     */
    static void serve(TopEngine engine) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true);
        System.gc();
        long toBegin = Machine.peakResidentMiB();
        Machine.forgetPeak();
        try (engine) {
            out.println(TopProcess.READY);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", 2);
                switch (words[0]) {
                    case "step" -> out.println(TopProcess.READY + steps(engine, Integer.parseInt(words[1])));
                    case "gradients" -> {
                        write(engine.gradients(), Path.of(words[1]));
                        out.println(TopProcess.READY);
                    }
                    default -> {
                        long steps = Machine.peakResidentMiB();
                        out.println(TopProcess.READY + " " + steps + " " + Math.max(steps, toBegin));
                    }
                }
            }
        }
    }

    private static String steps(TopEngine engine, int count) throws Exception {
        StringBuilder answer = new StringBuilder();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (int i = 0; i < count; i++) {
            long processor = threads.getCurrentThreadCpuTime();
            long start = System.nanoTime();
            double loss = engine.step();
            long end = System.nanoTime();
            answer.append(' ').append(end - start);
            answer.append(' ').append(threads.getCurrentThreadCpuTime() - processor);
            answer.append(' ').append(loss);
        }
        return answer.toString();
    }

    private static void write(Map<String, Tensor.F32> tensors, Path file) throws IOException {
        Files.write(file, Safetensors.write(tensors, Map.of()));
    }
}
