package io.headwater.cli.lanes;

import io.headwater.board.LaneReading;
import io.headwater.board.LaneStory;
import io.headwater.board.chart.PicturePlot;
import io.headwater.board.chart.SvgPlot;
import io.headwater.board.chart.TextPlot;
import io.headwater.cli.console.ConnectedCommand;
import io.headwater.cli.console.LaneConverter;
import io.headwater.domain.Lane;
import io.headwater.ops.RuntimeSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headwater lanes plot}. */
@Command(
        name = "plot",
        description =
                "Draw the scores of a lane over time, with the versions that served, drift and decisions, as text or into a file.")
class LanesPlotCommand extends ConnectedCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ADAPTATION/DOMAIN", converter = LaneConverter.class, description = "The lane.")
    Lane lane;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Write the chart into this file, which ends with .svg or .png. By default, it is printed as text.")
    @Nullable
    Path out;

    @Override
    public Integer call() throws Exception {
        Path file = out;
        String name = file == null ? "" : file.toString().toLowerCase(Locale.ROOT);
        if (file != null && !name.endsWith(".svg") && !name.endsWith(".png")) {
            throw new IllegalArgumentException("--out must end with .svg or .png, but is '%s'".formatted(file));
        }
        LaneStory story = time.within(() -> {
            RuntimeSettings settings = connection.settings();
            return LaneReading.of(connection.clients(settings), connection.codec(settings), lane)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "there is no lane '%s'; 'headwater lanes' lists those that are known".formatted(lane)));
        });
        if (file == null) {
            output.print(
                    Map.of("lane", lane.key(), "scores", story.lane().curve()),
                    () -> TextPlot.of(story).forEach(line -> output.line("%s", line)));
            return 0;
        }
        Files.write(file, name.endsWith(".svg") ? SvgPlot.of(story).getBytes(StandardCharsets.UTF_8) : png(story));
        output.print(Map.of("lane", lane.key(), "file", file.toString()), () -> output.line("wrote %s", file));
        return 0;
    }

    private static byte[] png(LaneStory story) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(PicturePlot.of(story), "png", bytes);
        } catch (InternalError | RuntimeException e) {
            throw new IOException(
                    "a picture needs a font, but this machine has none that Java finds (%s); install one, such as fonts-dejavu-core and fontconfig, or write .svg"
                            .formatted(e.getMessage()),
                    e);
        }
        return bytes.toByteArray();
    }
}
