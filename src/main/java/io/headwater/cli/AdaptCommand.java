package io.headwater.cli;

import io.headwater.cli.console.HelpOption;
import io.headwater.cli.console.Output;
import io.headwater.cli.console.Remarks;
import io.headwater.cli.console.Skipped;
import io.headwater.cli.console.Terminal;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelFile;
import io.headwater.config.TaskKind;
import io.headwater.ops.VersionExport;
import io.headwater.standalone.AdaptJob;
import io.headwater.standalone.AdaptJob.Adapted;
import io.headwater.standalone.AdaptReport;
import io.headwater.standalone.AdaptReport.UnusedSamples;
import io.headwater.standalone.data.Columns;
import io.headwater.standalone.data.Dataset;
import io.headwater.standalone.data.Reads;
import io.headwater.store.FileArtifactStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code headwater adapt}. */
@Command(
        name = "adapt",
        description = "Adapt a model to files, using an embedded broker, and evaluate the champion.",
        footer = {
            "",
            "The format of DATA depends on the task: label<TAB>text lines, CSV or JSON Lines; label<TAB>numbers lines",
            "with numbers separated by spaces or commas; a folder or zip with one folder of images or sounds per class, or",
            "a table of labels and paths; CoNLL for token-classification; SQuAD's JSON for question-answering; JSON Lines",
            "of transitions or whole episodes for reinforcement-learning; a folder or zip in the form of LibriSpeech, or a",
            "table of transcripts and paths, for automatic-speech-recognition. See docs/data.md."
        })
class AdaptCommand implements Callable<Integer> {
    private static final int MAX_PASSES = 10_000;
    private static final long MAX_ARTIFACT_BYTES = 1L << 30;

    @Mixin
    HelpOption help;

    @Mixin
    Output output;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The adaptation file (YAML).")
    Path config;

    @Option(
            names = "--train",
            required = true,
            paramLabel = "DATA",
            description = "Training data, in the order of the stream.")
    Path train;

    @Option(
            names = "--test",
            required = true,
            paramLabel = "DATA",
            description = "Test data, on which the champion is evaluated.")
    Path test;

    @Mixin
    TableOptions table;

    @Option(
            names = "--passes",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "How often the training data is sent, the first time in its order. Default: ${DEFAULT-VALUE}.")
    int passes;

    @Option(
            names = "--export",
            paramLabel = "PATH",
            description =
                    "Write the champion to this new folder, with everything that is needed to use it in ONNX Runtime, or to a"
                            + " file that ends in .onnx (the model alone), .safetensors (its trained weights) or .zip"
                            + " (Deeplearning4j).")
    @Nullable
    Path export;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Folder for artifacts, broker data, report.json and curve.svg, the scores of the training samples before"
                            + " training on them; must be new or empty. Default: a temporary folder.")
    @Nullable
    Path out;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (passes < 1 || passes > MAX_PASSES) {
            throw new ParameterException(
                    spec.commandLine(), "--passes must be from 1 to " + MAX_PASSES + ", but is " + passes);
        }
        ExportForm form = form();
        AdaptationConfig adaptation = AdaptationFile.read(config);
        Drafts.warn(adaptation.base());
        Columns columns = table.columns(reads(adaptation));
        Dataset trainData = opened(train, adaptation, columns);
        Dataset testData = opened(test, adaptation, columns);
        Path folder = folder();
        Adapted adapted = new AdaptJob(adaptation, trainData, testData, passes, folder, Terminal.progress()).run();
        AdaptReport report = adapted.report();
        Files.writeString(folder.resolve("report.json"), Output.json(report) + "\n");
        output.print(report, () -> show(report));
        report.remark().ifPresent(remark -> Remarks.print("%s", remark));
        if (export != null && form != null) {
            VersionExport exporter =
                    new VersionExport(new FileArtifactStore(folder.resolve(AdaptJob.ARTIFACTS), MAX_ARTIFACT_BYTES));
            form.write(exporter, adapted.champion(), export);
            if (!output.json) {
                output.line("%-28s %s", "exported to", export);
            }
        }
        return 0;
    }

    /** Returns the form of the export, or null if there is none. */
    private @Nullable ExportForm form() throws IOException {
        if (export == null) {
            return null;
        }
        ExportForm form = ExportForm.of(export)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "--export must be a new folder without an ending, or a file that ends in .onnx, .safetensors or .zip,"
                                + " but is '" + export + "'"));
        form.requireWritable(export);
        return form;
    }

    private void show(AdaptReport report) {
        output.line("%-28s %s", "adaptation", report.adaptation());
        output.line("%-28s %s, version %d", "lane", report.lane(), report.champion());
        report.metrics().forEach((name, value) -> output.line("%-28s %.4f", name, value));
        if (report.unusableTestSamples() > 0) {
            output.line(
                    "%-28s %d of %d, the first because %s",
                    "unusable test samples",
                    report.unusableTestSamples(),
                    report.unusableTestSamples() + report.testSamples(),
                    report.firstUnusable());
        }
        if (report.unpredictableTestSamples() > 0) {
            output.line(
                    "%-28s %d of %d, which count as wrong, the first because %s",
                    "unpredictable test labels",
                    report.unpredictableTestSamples(),
                    report.testSamples(),
                    report.firstUnpredictable());
        }
        output.line("%-28s %d", "steps", report.steps());
        output.line("%-28s %d (%d promoted)", "versions", report.versions(), report.promotions());
        output.line("%-28s %d", "bytes of a version", report.versionBytes());
        output.line("%-28s %d of %d", "dead letters", report.deadLetters(), report.trainSamples());
        for (UnusedSamples unused : report.deadLetterReasons()) {
            output.line(
                    "  %-26s %d, such as %s: %s", unused.reason(), unused.count(), unused.example(), unused.message());
        }
        output.line("%-28s %.1f", "samples a second", report.samplesPerSecond());
        output.line("%-28s %.1f", "seconds", report.seconds());
        output.line("%-28s %s", "left in", report.folder());
    }

    /** Returns the input type of the adaptation. These tasks accept any input that their base model accepts. */
    private static Reads reads(AdaptationConfig adaptation) {
        TaskKind task = adaptation.task();
        return task == TaskKind.MULTI_LABEL_CLASSIFICATION || task == TaskKind.REGRESSION
                ? Reads.of(BaseModelFile.resolve(adaptation.base()))
                : Reads.of(task);
    }

    private static Dataset opened(Path path, AdaptationConfig adaptation, Columns columns) {
        Dataset data = Dataset.open(
                path, adaptation.task(), columns, adaptation.reinforcement().nStep());
        Skipped.print(data.faults());
        return data;
    }

    private Path folder() throws IOException {
        if (out == null) {
            return Files.createTempDirectory("headwater-adapt-");
        }
        Files.createDirectories(out);
        try (Stream<Path> entries = Files.list(out)) {
            if (entries.findAny().isPresent()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--out must name a new or an empty folder, but '" + out + "' holds files; name another");
            }
        }
        return out;
    }
}
