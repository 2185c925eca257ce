package io.headwater.cli;

import io.headwater.cli.console.TimeLimit;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.ops.LaneLog;
import io.headwater.ops.RuntimeSettings;
import io.headwater.ops.VersionExport;
import io.headwater.ops.VersionExport.Format;
import io.headwater.store.FileArtifactStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
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
            converter = FormatConverter.class,
            description =
                    "onnx: a complete model; dl4j: a complete model, for graph base models; safetensors: only the trained"
                            + " weights. Default: onnx.")
    Format format = Format.ONNX;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The file to write; an existing file is replaced.")
    Path out;

    /** Converts format names in lower case. */
    static final class FormatConverter implements ITypeConverter<Format> {
        @Override
        public Format convert(String value) {
            return switch (value) {
                case "onnx" -> Format.ONNX;
                case "safetensors" -> Format.SAFETENSORS;
                case "dl4j" -> Format.DL4J;
                default ->
                    throw new picocli.CommandLine.TypeConversionException(
                            "format must be onnx, dl4j or safetensors, but is '" + value + "'");
            };
        }
    }

    @Override
    public Integer call() throws Exception {
        ModelVersion version = time.within(this::wanted);
        byte[] bytes =
                new VersionExport(new FileArtifactStore(connection.store, MAX_ARTIFACT_BYTES)).write(version, format);
        Files.write(out, bytes);
        output.print(
                Map.of(
                        "version", version.ref().toString(),
                        "format", format.name().toLowerCase(Locale.ROOT),
                        "file", out.toString(),
                        "bytes", bytes.length,
                        "labels", version.labels()),
                () -> output.line("%s written to %s, %d bytes", version.ref(), out, bytes.length));
        return 0;
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
