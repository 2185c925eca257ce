package io.headwater.trainer.kill;

import io.headwater.store.FileArtifactStore;
import io.headwater.store.StagedStores;
import io.headwater.testing.Installation;
import io.headwater.trainer.TrainerListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a trainer in a process of its own, so that it can be killed. */
final class TrainerProcess {
    private TrainerProcess() {}

    /**
     * Starts a process that trains the installations {@code prefixes} one after another; if a stage is given, it is
     * killed at that stage of the first one.
     */
    static Process start(
            KilledLearning learning, Path folder, String bootstrapServers, String stage, List<String> prefixes)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx400m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djdk.serialFilter=!*",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                TrainerProcess.class.getName(),
                learning.name(),
                folder.toString(),
                bootstrapServers,
                stage));
        command.addAll(prefixes);
        ProcessBuilder builder = new ProcessBuilder(command);
        // Passed in the environment, because ONNX Runtime cannot read a very long command line.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.redirectErrorStream(true)
                .redirectOutput(log(folder, prefixes.get(0), stage).toFile())
                .start();
    }

    /** Returns the log file of a process. */
    static Path log(Path folder, String prefix, String stage) {
        return folder.resolve(prefix + "-" + stage + ".log");
    }

    /** Arguments: training strategy, folder, bootstrap servers, stage or {@code END}, prefixes. */
    public static void main(String[] arguments) {
        KilledLearning learning = KilledLearning.valueOf(arguments[0]);
        Path folder = Path.of(arguments[1]);
        for (String prefix : List.of(arguments).subList(4, arguments.length)) {
            if (arguments[3].equals("END")) {
                train(
                        learning,
                        prefix,
                        arguments[2],
                        new FileArtifactStore(folder.resolve(prefix), 1 << 24),
                        TrainerListener.NONE);
            } else {
                Killer killer = new Killer(Stage.valueOf(arguments[3]));
                train(
                        learning,
                        prefix,
                        arguments[2],
                        StagedStores.open(
                                folder.resolve(prefix),
                                () -> killer.reached(Stage.AFTER_TEMP_WRITE),
                                () -> killer.reached(Stage.AFTER_RENAME)),
                        killer);
            }
        }
        System.exit(0);
    }

    private static void train(
            KilledLearning learning,
            String prefix,
            String bootstrapServers,
            FileArtifactStore store,
            TrainerListener listener) {
        try (Installation installation = learning.installation(prefix, bootstrapServers, store)) {
            installation.train(listener);
        }
    }
}
