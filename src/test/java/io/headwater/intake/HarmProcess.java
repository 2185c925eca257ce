package io.headwater.intake;

import io.headwater.config.AdaptationConfig;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.ChildJvm;
import io.headwater.featurizer.FeaturizerListener;
import io.headwater.ops.Tasks;
import io.headwater.predictor.PredictorListener;
import io.headwater.role.ThreadRole;
import io.headwater.store.FileArtifactStore;
import io.headwater.task.Task;
import io.headwater.testing.HashBackbone;
import io.headwater.testing.Installation;
import io.headwater.trainer.Adaptations;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A trainer or predictor, or the process in which it tries single records, whose preparation does harm. */
final class HarmProcess {
    private static final int MEGABYTES = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_RECORD_BYTES = 1 << 20;

    /** The name of the adaptation where there is only one. */
    static final String ADAPTATION = "mood";

    private HarmProcess() {}

    /** Starts a process that trains to the end of its topics. */
    static Process train(Path folder, String bootstrapServers, String prefix) throws IOException {
        return start("train", folder, bootstrapServers, prefix, ADAPTATION);
    }

    /** Starts a process that answers requests to {@code adaptation} until its standard input ends. */
    static Process predict(Path folder, String bootstrapServers, String prefix, String adaptation) throws IOException {
        return start("predict", folder, bootstrapServers, prefix, adaptation);
    }

    /** Starts a process that featurizes samples until its standard input ends. */
    static Process featurize(Path folder, String bootstrapServers, String prefix) throws IOException {
        return start("featurize", folder, bootstrapServers, prefix, ADAPTATION);
    }

    private static Process start(String role, Path folder, String bootstrapServers, String prefix, String adaptation)
            throws IOException {
        return builder(role, folder.toString(), bootstrapServers, prefix, adaptation)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(folder.resolve("role.log").toFile()))
                .start();
    }

    /** Returns what the processes of the roles logged. */
    static String log(Path folder) {
        try {
            return Files.readString(folder.resolve("role.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the installation whose records these processes read. */
    static Installation.Builder installation(Path folder, String bootstrapServers, String prefix) {
        return installation(folder, bootstrapServers, prefix, ADAPTATION);
    }

    /** Returns the installation of one of several adaptations. */
    static Installation.Builder installation(Path folder, String bootstrapServers, String prefix, String adaptation) {
        return Installation.of(
                        config(adaptation),
                        bootstrapServers,
                        prefix,
                        new FileArtifactStore(folder.resolve("store"), 1 << 24))
                .maxRecordBytes(MAX_RECORD_BYTES);
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

    /** Arguments: {@code train}, {@code predict}, {@code featurize} or {@code trial}, folder, bootstrap servers, prefix, adaptation. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        Path folder = Path.of(arguments[1]);
        TrialProcess trial = new TrialProcess(
                () -> builder("trial", arguments[1], arguments[2], arguments[3], arguments[4])
                        .redirectError(folder.resolve("trial.log").toFile())
                        .start(),
                PATIENCE);
        Intake intake = new Intake(InFlightNotes.in(folder.resolve("in-flight"), arguments[4]), trial, PATIENCE);
        AdaptationConfig config = config(arguments[4]);
        Task plain = Tasks.of(config, TestModels.miniLm());
        Task harmful = new Task(Harm.in(plain.preparation()), plain.goal());
        int status = 0;
        try (Installation installation = installation(folder, arguments[2], arguments[3], arguments[4])
                .intake(intake)
                .with(harmful, Installation.model(config, new HashBackbone()))) {
            switch (arguments[0]) {
                case "train" -> installation.train();
                case "predict" -> status = untilInputEnds(installation.predictor(PredictorListener.NONE));
                case "featurize" -> status = untilInputEnds(installation.featurizer("one", FeaturizerListener.NONE));
                default -> {
                    System.setOut(System.err);
                    TrialServer.serve(
                            installation.clients(),
                            (record, decoded) -> rehearse(installation, record, decoded),
                            System.in,
                            out);
                }
            }
        }
        // A thread may be blocked.
        Runtime.getRuntime().halt(status);
    }

    private static int untilInputEnds(ThreadRole role) {
        Thread stopping = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {
                    Thread.onSpinWait();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            role.stop();
        });
        stopping.setDaemon(true);
        stopping.start();
        role.run();
        return role.failure() == null ? 0 : 1;
    }

    private static void rehearse(Installation installation, ConsumerRecord<byte[], byte[]> record, Runnable decoded) {
        if (record.topic().endsWith("requests")) {
            installation.requestReader().rehearse(record, decoded);
        } else {
            installation.reader(installation.task()).prepare(List.of(record));
        }
    }

    private static AdaptationConfig config(String name) {
        return Adaptations.text(name, Adaptations.BY_STEPS);
    }
}
