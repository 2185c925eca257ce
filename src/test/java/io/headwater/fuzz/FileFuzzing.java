package io.headwater.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** A fuzz test of a reader of files. Each input is a file of its own, because open zips are cached by their path. */
abstract class FileFuzzing extends ReaderFuzzing {
    private int files;

    @TempDir
    Path folder;

    /** Writes a file, has it read by {@code reader}, and deletes it. */
    void withFile(byte[] bytes, String ending, FileReader reader) throws IOException {
        Path file = Files.write(folder.resolve("any" + files++ + ending), bytes);
        try {
            reader.read(file);
        } finally {
            Files.delete(file);
        }
    }

    /** Reads a data file, which may be refused with {@link IllegalArgumentException} or {@link UncheckedIOException}. */
    void withData(byte[] bytes, String ending, FileReader reader) throws IOException {
        withFile(bytes, ending, file -> {
            try {
                reader.read(file);
            } catch (IllegalArgumentException | UncheckedIOException refused) {
                // Documented for data that cannot be used.
            }
        });
    }

    interface FileReader {
        void read(Path file) throws IOException;
    }
}
