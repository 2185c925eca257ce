package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailuresTest {
    @TempDir
    Path folder;

    @Test
    void shouldSayWhatIsWrongWithAFile() throws IOException {
        Path missing = folder.resolve("missing");
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(message(() -> Files.readString(missing))).isEqualTo("'" + missing + "' does not exist");
        assertThat(message(() -> Files.createFile(file))).isEqualTo("'" + file + "' exists already");
        assertThat(message(() -> Files.delete(folder))).isEqualTo("'" + folder + "' must be empty, but is not");
        assertThat(message(() -> Files.list(file).close())).isEqualTo("'" + file + "' must be a folder, but is none");
        assertThat(message(() -> Files.readString(file.resolve("child"))))
                .startsWith("'" + file.resolve("child") + "' cannot be used: ");
    }

    @Test
    void shouldNameAnExceptionWithoutAMessage() {
        assertThat(Failures.message(new IllegalStateException())).isEqualTo("java.lang.IllegalStateException");
        assertThat(Failures.message(new IllegalStateException("a fault"))).isEqualTo("a fault");
    }

    private interface Work {
        void run() throws IOException;
    }

    private static String message(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            assertThat(Failures.message(new UncheckedIOException(e))).isEqualTo(Failures.message(e));
            return Failures.message(e);
        }
        throw new AssertionError("it should fail");
    }
}
