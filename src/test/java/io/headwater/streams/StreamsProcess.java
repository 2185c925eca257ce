package io.headwater.streams;

import io.headwater.testing.TestTopics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Runs the role in a process of its own, which kills itself with SIGKILL after some events, or runs until its input ends. */
final class StreamsProcess {
    private StreamsProcess() {}

    /**
     * Starts a process.
     *
     * @param events after which it is killed; 0 for never
     */
    static Process start(String bootstrapServers, String prefix, Path folder, int events, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx300m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djdk.serialFilter=!*",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                StreamsProcess.class.getName(),
                bootstrapServers,
                prefix,
                folder.toString(),
                Integer.toString(events)));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Arguments: bootstrap servers, prefix of topics, folder of the state, events. */
    public static void main(String[] arguments) throws Exception {
        try (TestTopics topics = LateTraffic.topics(arguments[0], arguments[1])) {
            int events = Integer.parseInt(arguments[3]);
            Streams role = new Streams(LateTraffic.setup(
                    topics, Path.of(arguments[2]), events == 0 ? StreamsListener.NONE : new Suicide(events)));
            role.start();
            while (System.in.read() >= 0 && !role.state().isFinal()) {}
            role.stop();
            role.awaitEnd();
        }
        System.exit(0);
    }

    /** Kills its own process while the transaction is open in which an event happened. */
    private static final class Suicide implements StreamsListener {
        private final AtomicInteger left;
        private final Process shell;

        Suicide(int events) throws IOException {
            left = new AtomicInteger(events);
            // Started in advance, so that the signal arrives at once.
            String command = "read go && kill -9 " + ProcessHandle.current().pid();
            shell = new ProcessBuilder("/bin/sh", "-c", command).start();
        }

        @Override
        public void happened(JoinEvent event) {
            if (left.decrementAndGet() == 0) {
                try {
                    shell.getOutputStream().write("go\n".getBytes(StandardCharsets.UTF_8));
                    shell.getOutputStream().flush();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                while (true) {
                    LockSupport.park();
                }
            }
        }
    }
}
