package io.headwater.engine.graph.convert;

import io.headwater.domain.Digest;
import io.headwater.engine.device.ChildJvm;
import io.headwater.engine.graph.GraphModel;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Size;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Converts Keras {@code .h5} files and Deeplearning4j zips into graph models. The file is read in a separate process
 * with limited memory and time and without Java deserialisation. The process returns only a file in Headwater's own
 * graph format, which is validated like any other.
 */
public final class GraphModelConverter {
    private static final int MAX_ERROR = 1 << 16;

    private GraphModelConverter() {}

    /**
     * The limits of a conversion.
     *
     * @param fileBytes the maximum length of the file in bytes, positive
     * @param heapMegabytes the maximum heap of the process in MiB, at least 64; the same amount is allowed outside the
     *     heap
     * @param time the maximum duration, at least one second
     */
    public record Limits(long fileBytes, int heapMegabytes, Duration time) {
        /** Limits of 1 GiB for the file, 4 GiB of memory and five minutes. */
        public static final Limits USUAL = new Limits(1L << 30, 4096, Duration.ofMinutes(5));

        public Limits {
            if (fileBytes < 1 || heapMegabytes < 64 || time.toSeconds() < 1) {
                throw new IllegalArgumentException("a conversion needs fileBytes > 0, heapMegabytes >= 64 and a second,"
                        + " but has " + fileBytes + ", " + heapMegabytes + ", " + time);
            }
        }
    }

    /**
     * The result of a conversion.
     *
     * @param model the converted model
     * @param digest the digest of its file
     */
    public record Converted(GraphModel model, Digest digest) {}

    /**
     * Converts {@code file} and writes the graph model to {@code out} atomically.
     *
     * @param out the safetensors file to write; an existing file is replaced
     * @param image height and width of the input if {@code file} does not contain them (a Deeplearning4j zip whose
     *     first layer is a convolution); null otherwise
     * @throws GraphException when the file cannot be converted, or a limit is exceeded
     * @throws IOException when a file cannot be read or written
     */
    public static Converted convert(Path file, Path out, @Nullable Size image, Limits limits) throws IOException {
        long size = Files.size(file);
        if (size > limits.fileBytes()) {
            throw failed(file, "it may have " + limits.fileBytes() + " bytes, but has " + size);
        }
        ConvertibleFormat format;
        try (InputStream in = Files.newInputStream(file)) {
            format = ConvertibleFormat.of(in.readNBytes(ConvertibleFormat.PREFIX));
        } catch (GraphException e) {
            throw failed(file, String.valueOf(e.getMessage()));
        }
        Path folder = Files.createTempDirectory(out.toAbsolutePath().getParent(), ".convert-");
        try {
            Path made = folder.resolve("model.safetensors");
            run(file, format, made, folder.resolve("errors"), image, limits);
            byte[] bytes = Files.readAllBytes(made);
            Converted converted = new Converted(GraphModel.read(bytes), Digest.of(bytes));
            Files.move(made, out, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return converted;
        } finally {
            for (String name : List.of("model.safetensors", "errors")) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.deleteIfExists(folder);
        }
    }

    private static void run(
            Path file, ConvertibleFormat format, Path made, Path errors, @Nullable Size image, Limits limits)
            throws IOException {
        // Each value is in memory up to three times: as read, in a tensor, and in the file being written.
        long maxValues = (long) limits.heapMegabytes() * (1 << 20) / 4 / 4;
        List<String> command = new ArrayList<>(ChildJvm.command(limits.heapMegabytes()));
        command.addAll(List.of(
                ConverterMain.class.getName(),
                file.toAbsolutePath().toString(),
                format.name(),
                made.toString(),
                Long.toString(maxValues),
                Long.toString(limits.time().toSeconds()),
                Integer.toString(image == null ? 0 : image.height()),
                Integer.toString(image == null ? 0 : image.width())));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(Redirect.DISCARD).redirectError(errors.toFile());
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(limits.time().toMillis(), TimeUnit.MILLISECONDS)
                    || process.exitValue() == ConverterMain.TOO_LONG) {
                throw failed(file, "it took more than " + limits.time().toSeconds() + " seconds");
            }
            if (process.exitValue() != 0 || !Files.isRegularFile(made)) {
                throw failed(file, lastLine(errors, process.exitValue()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(file, "the conversion was interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    private static String lastLine(Path errors, int status) throws IOException {
        byte[] end;
        try (RandomAccessFile file = new RandomAccessFile(errors.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - MAX_ERROR));
            end = new byte[(int) Math.min(MAX_ERROR, file.length())];
            file.readFully(end);
        }
        String text = new String(end, StandardCharsets.UTF_8);
        if (text.contains("OutOfMemoryError") || status == 3) {
            return "it needs more memory than the conversion may use";
        }
        return Arrays.stream(text.split("\n", -1))
                .filter(line -> !line.isBlank())
                .reduce((first, second) -> second)
                .orElse("the process that read it ended with status " + status);
    }

    private static GraphException failed(Path file, String why) {
        return new GraphException("model '" + file + "' cannot be converted: " + why);
    }
}
