package io.headwater.cli;

import io.headwater.cli.console.TimeLimit;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.ops.LaneLog;
import io.headwater.ops.RuntimeSettings;
import io.headwater.ops.VersionExport;
import io.headwater.store.FileArtifactStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwater versions export}. */
@Command(name = "export", description = "Write a version as a file that other programs can use.")
class ExportCommand extends LaneCommand implements Callable<Integer> {
    private static final long MAX_ARTIFACT_BYTES = 1L << 30;

    @Mixin
    TimeLimit time;

    @Option(names = "--version", paramLabel = "N", description = "The version. Default: the serving version.")
    @Nullable
    Long number;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = ExportForm.Converter.class,
            description =
                    "onnx: a complete model; folder: a complete model with its tokenizer, the names of its outputs, a description"
                            + " of the preprocessing and a program that uses it; dl4j: a complete model, for graph base models;"
                            + " safetensors: only the trained weights. Default: as the ending of --out says, otherwise onnx.")
    @Nullable
    ExportForm format;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "PATH",
            description = "The file to write, which is replaced if it exists, or the new folder.")
    Path out;

    @Override
    public Integer call() throws Exception {
        ExportForm form = form();
        form.requireWritable(out);
        ModelVersion version = time.within(this::wanted);
        form.write(new VersionExport(new FileArtifactStore(connection.store, MAX_ARTIFACT_BYTES)), version, out);
        long bytes = bytes(out);
        output.print(
                Map.of(
                        "version", version.ref().toString(),
                        "format", form.key(),
                        "file", out.toString(),
                        "bytes", bytes,
                        "labels", version.labels()),
                () -> output.line("%s written to %s, %d bytes", version.ref(), out, bytes));
        return 0;
    }

    private ExportForm form() {
        return format != null
                ? format
                : ExportForm.of(out).filter(form -> form != ExportForm.FOLDER).orElse(ExportForm.ONNX);
    }

    private static long bytes(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private ModelVersion wanted() {
        RuntimeSettings settings = connection.settings();
        LaneLog log = new LaneLog(connection.clients(settings), connection.codec(settings));
        Serving serving = log.serving(lane::equals).get(lane);
        Long asked = number == null && serving != null
                ? Long.valueOf(serving.version().number())
                : number;
        Lane of = number == null && serving != null ? serving.version().lane() : lane;
        return log.versions(of::equals).stream()
                .filter(version -> asked != null && version.ref().number() == asked)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "lane '%s' has no version %s; 'headwater versions' lists what there is"
                                .formatted(lane, asked == null ? "that serves" : asked)));
    }
}
