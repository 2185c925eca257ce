package io.headwater.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside folders that a process which died left behind, and folders that others are filling. */
class NewFolderTest {
    @TempDir
    Path home;

    @Test
    void shouldDeleteWhatAProcessThatDiedWasFilling() throws Exception {
        // Given
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Dying.class.getName(),
                        home.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isEqualTo(Dying.STATUS);
        assertThat(unnamed()).hasSize(1);
        Files.createDirectory(home.resolve(".new-before-there-were-owners"));

        // When
        try (NewFolder next = NewFolder.in(home)) {
            // Then
            assertThat(unnamed()).containsExactly(next.path());
            next.write("file", "bytes".getBytes(UTF_8));
            assertThat(next.name("named")).isEqualTo(home.resolve("named"));
        }
        assertThat(unnamed()).isEmpty();
        assertThat(children(home.resolve("named")))
                .containsExactly(home.resolve("named").resolve("file"));
    }

    @Test
    void shouldLeaveWhatOthersAreFilling() throws Exception {
        try (NewFolder one = NewFolder.in(home)) {
            one.write("file", "bytes".getBytes(UTF_8));
            try (NewFolder other = NewFolder.in(home)) {
                assertThat(unnamed()).containsExactlyInAnyOrder(one.path(), other.path());
            }
            assertThat(unnamed()).containsExactly(one.path());
            assertThat(one.name("one").resolve("file")).hasContent("bytes");
        }
        assertThat(unnamed()).isEmpty();
    }

    @Test
    void shouldLeaveWhatAnotherProcessIsFilling() throws Exception {
        // Given
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Filling.class.getName(),
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.inputReader(UTF_8).readLine()).isEqualTo("filling");

            // When
            try (NewFolder next = NewFolder.in(home)) {
                // Then
                assertThat(unnamed()).hasSize(2).contains(next.path());
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private List<Path> unnamed() throws Exception {
        return children(home).stream()
                .filter(path -> path.getFileName().toString().startsWith(".new-"))
                .toList();
    }

    private static List<Path> children(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** Dies while it fills a folder. */
    static final class Dying {
        static final int STATUS = 42;

        private Dying() {}

        public static void main(String[] args) throws Exception {
            NewFolder folder = NewFolder.in(Path.of(args[0]));
            folder.write("file", "bytes".getBytes(UTF_8));
            Runtime.getRuntime().halt(STATUS);
        }
    }

    /** Fills a folder until it is killed. */
    static final class Filling {
        private Filling() {}

        public static void main(String[] args) throws Exception {
            NewFolder folder = NewFolder.in(Path.of(args[0]));
            folder.write("file", "bytes".getBytes(UTF_8));
            System.out.println("filling");
            System.in.read();
        }
    }
}
