package io.headwater.trainer.kill;

import io.headwater.config.AdaptationConfig;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.ChildJvm;
import io.headwater.intake.InFlightNotes;
import io.headwater.intake.Intake;
import io.headwater.intake.TrialProcess;
import io.headwater.intake.TrialServer;
import io.headwater.ops.Tasks;
import io.headwater.store.FileArtifactStore;
import io.headwater.task.Task;
import io.headwater.testing.HashBackbone;
import io.headwater.testing.Installation;
import io.headwater.trainer.Adaptations;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A trainer, or the process in which it tries single records, whose preparation does harm. */
final class HarmProcess {
    private static final int MEGABYTES = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private HarmProcess() {}

    /** Starts a process that trains to the end of its topics. */
    static Process start(Path folder, String bootstrapServers, String prefix) throws IOException {
        return builder("train", folder.toString(), bootstrapServers, prefix)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(folder.resolve("trainer.log").toFile()))
                .start();
    }

    private static ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>(ChildJvm.command(MEGABYTES));
        command.add(1, "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
        // In the environment, because ONNX Runtime cannot read a very long command line.
        int path = command.indexOf("-cp");
        command.subList(path, path + 2).clear();
        command.add(HarmProcess.class.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path", ""));
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder;
    }

    /** Arguments: {@code train} or {@code trial}, folder, bootstrap servers, prefix. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        Path folder = Path.of(arguments[1]);
        TrialProcess trial = new TrialProcess(
                () -> builder("trial", arguments[1], arguments[2], arguments[3])
                        .redirectError(folder.resolve("trial.log").toFile())
                        .start(),
                PATIENCE);
        Intake intake = new Intake(InFlightNotes.in(folder.resolve("in-flight"), "trainers"), trial, PATIENCE);
        Task plain = Tasks.of(config(), TestModels.miniLm());
        Task harmful = new Task(Harm.in(plain.preparation()), plain.goal());
        try (Installation installation = Installation.of(
                        config(), arguments[2], arguments[3], new FileArtifactStore(folder.resolve("store"), 1 << 24))
                .intake(intake)
                .with(harmful, Installation.model(config(), new HashBackbone()))) {
            if (arguments[0].equals("train")) {
                installation.train();
            } else {
                System.setOut(System.err);
                TrialServer.serve(
                        installation.clients(),
                        record -> installation.reader(harmful).prepare(List.of(record)),
                        System.in,
                        out);
            }
        }
        // A thread may be blocked.
        Runtime.getRuntime().halt(0);
    }

    static AdaptationConfig config() {
        return Adaptations.text(Adaptations.BY_STEPS);
    }
}
