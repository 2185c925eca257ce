package io.headwater.featurizer;

import io.headwater.domain.ArtifactStore;
import io.headwater.engine.TestModels;
import io.headwater.intake.ahead.AheadListener;
import io.headwater.intake.ahead.AheadSettings;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.Installation;
import io.headwater.trainer.Adaptations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Runs a featurizer in a process of its own, which kills itself with SIGKILL at a stage of its work. */
final class FeaturizerProcess {
    /** How often a featurizer has committed before it is killed. */
    static final int COMMITS_BEFORE = 2;

    private FeaturizerProcess() {}

    /** When a featurizer is killed. */
    enum Stage {
        /** Records were fetched, and are being prepared. */
        FETCHED,
        /** Features were sent, their transaction is open. */
        FEATURES_SENT,
        /** Features and offsets were sent, their transaction is open. */
        OFFSETS_SENT,
        /** The transaction is committed. */
        COMMITTED
    }

    /** Starts a process that featurizes the records of {@code prefix} until it is killed at {@code stage}. */
    static Process start(String bootstrapServers, String prefix, Path folder, Stage stage, Path log)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx300m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djdk.serialFilter=!*",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                FeaturizerProcess.class.getName(),
                bootstrapServers,
                prefix,
                folder.toString(),
                stage.name()));
        // In the environment, because ONNX Runtime cannot read a very long command line.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Returns the installation of a process; {@code ahead} says whether its trainer uses featurizers. */
    static Installation installation(
            String bootstrapServers, String prefix, Path folder, CountedBackbone backbone, AheadSettings ahead) {
        ArtifactStore store = new FileArtifactStore(folder.resolve(prefix), 1 << 24);
        return Installation.of(Adaptations.text(Adaptations.BY_STEPS), bootstrapServers, prefix, store)
                .ahead(ahead, AheadListener.NONE)
                .with(TestModels.miniLm(), backbone);
    }

    /** Arguments: bootstrap servers, prefix of topics, folder, stage. */
    public static void main(String[] arguments) throws Exception {
        try (Installation installation = installation(
                arguments[0], arguments[1], Path.of(arguments[2]), CountedBackbone.counting(), AheadSettings.OFF)) {
            installation
                    .featurizer("one", new Suicide(Stage.valueOf(arguments[3])))
                    .run();
        }
        System.exit(0);
    }

    /** Kills its own process and waits for its death. */
    private static final class Suicide implements FeaturizerListener {
        private final Stage stage;
        private final Process shell;
        private int commits;

        Suicide(Stage stage) throws IOException {
            this.stage = stage;
            // Started in advance, so that the signal arrives at once.
            String command = "read go && kill -9 " + ProcessHandle.current().pid();
            this.shell = new ProcessBuilder("/bin/sh", "-c", command).start();
        }

        private void reached(Stage now) {
            if (now != stage || commits < COMMITS_BEFORE) {
                return;
            }
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

        @Override
        public void fetched(int records) {
            reached(Stage.FETCHED);
        }

        @Override
        public void featuresSent() {
            reached(Stage.FEATURES_SENT);
        }

        @Override
        public void positionsSent() {
            reached(Stage.OFFSETS_SENT);
        }

        @Override
        public void featurized(int records, int payloads) {
            reached(Stage.COMMITTED);
            commits++;
        }
    }
}
