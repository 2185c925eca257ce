package io.headwater.engine.graph.convert;

import io.headwater.engine.graph.GraphModel;
import io.headwater.engine.graph.layer.GraphException;
import io.headwater.engine.graph.layer.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The main class of the process that reads an untrusted model file. Only {@link GraphModelConverter} starts it, with
 * limited memory and time. It reads one file, writes one file, and reports an error in the last line of standard
 * error.
 */
final class ConverterMain {
    /** Exit status when the time limit is exceeded. */
    static final int TOO_LONG = 2;

    private ConverterMain() {}

    /**
     * Runs a conversion.
     *
     * @param args input file, format, output file, maximum number of values, maximum seconds, and height and width of
     *     an image or 0
     */
    public static void main(String[] args) {
        stopAfter(Long.parseLong(args[4]));
        int status = 1;
        try {
            Size image = args[5].equals("0") ? null : new Size(Integer.parseInt(args[5]), Integer.parseInt(args[6]));
            GraphModel model =
                    read(Path.of(args[0]), ConvertibleFormat.valueOf(args[1]), image, Long.parseLong(args[3]));
            Files.write(Path.of(args[2]), model.write());
            status = 0;
        } catch (GraphException e) {
            System.err.println(line(String.valueOf(e.getMessage())));
        } catch (IOException e) {
            System.err.println(line("the model cannot be written: " + e));
        } catch (RuntimeException | StackOverflowError e) {
            // The libraries throw exceptions of many types when a file is damaged.
            System.err.println(line("the file is damaged or is not what it seems: " + e));
        }
        System.err.flush();
        Runtime.getRuntime().halt(status);
    }

    private static GraphModel read(Path file, ConvertibleFormat format, @Nullable Size image, long maxValues) {
        return switch (format) {
            case HDF5 -> KerasReader.read(file, maxValues);
            case ZIP -> Dl4jReader.read(file, image, maxValues);
        };
    }

    /** Ends the process after the time limit, even if its parent process has died. */
    private static void stopAfter(long seconds) {
        Thread watch = new Thread(
                () -> {
                    try {
                        TimeUnit.SECONDS.sleep(seconds);
                    } catch (InterruptedException e) {
                        return;
                    }
                    Runtime.getRuntime().halt(TOO_LONG);
                },
                "time-limit");
        watch.setDaemon(true);
        watch.start();
    }

    private static String line(String message) {
        String line = message.replaceAll("\\s+", " ");
        return line.substring(0, Math.min(line.length(), 1000));
    }
}
