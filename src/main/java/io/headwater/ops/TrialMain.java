package io.headwater.ops;

import io.headwater.config.AdaptationConfig;
import io.headwater.engine.device.ChildJvm;
import io.headwater.intake.TrialServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The main class of the process that tries single records. Only a role starts it, after a record has ended or blocked a
 * process.
 */
final class TrialMain {
    private static final int LEAST_MEGABYTES = 256;

    private TrialMain() {}

    /** Starts the process, with at most half the heap of this one. */
    static Process start(AdaptationConfig config, RuntimeSettings settings) throws IOException {
        long half = Runtime.getRuntime().maxMemory() / 2 >> 20;
        List<String> command =
                new ArrayList<>(ChildJvm.command((int) Math.max(LEAST_MEGABYTES, Math.min(half, Integer.MAX_VALUE))));
        command.add(TrialMain.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        process.getOutputStream()
                .write(TrialSettings.of(config, settings).line().getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return process;
    }

    /** Serves until standard input ends. */
    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        // Libraries must not write into the answers.
        System.setOut(System.err);
        InputStream in = new BufferedInputStream(System.in);
        TrialSettings settings = TrialSettings.parse(line(in));
        try (AdaptationRuntime runtime = AdaptationRuntime.open(settings.config(), settings.runtime())) {
            TrialServer.serve(runtime.clients(), runtime::rehearse, in, answers);
        }
        Runtime.getRuntime().halt(0);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
