package io.headwater.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills a real process between the stages of a write. */
class StoreCrashTest {
    private static final byte[] BYTES = "half a head".getBytes(UTF_8);

    @TempDir
    Path root;

    @ParameterizedTest
    @ValueSource(strings = {"temp", "rename"})
    void shouldBeWholeOrAbsentAfterACrash(String stage) throws Exception {
        // When
        Process process = process(stage, "file");
        assertThat(process.waitFor()).isEqualTo(Dying.STATUS);

        // Then
        InstantSource tomorrow = InstantSource.fixed(Instant.now().plus(Duration.ofDays(1)));
        FileArtifactStore store = new FileArtifactStore(root, 1000, tomorrow);
        Digest digest = Digest.of(BYTES);
        assertThat(store.contains(digest)).isEqualTo(stage.equals("rename"));
        assertThat(temporaries()).hasSize(stage.equals("temp") ? 1 : 0);
        assertThat(store.put(BYTES)).isEqualTo(digest);
        assertThat(store.get(digest)).isEqualTo(BYTES);
        store.sweep(Set.of(digest), Duration.ofHours(1));
        assertThat(temporaries()).isEmpty();
        assertThat(store.get(digest)).isEqualTo(BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"temp", "rename", "pointer"})
    void shouldHaveAllArtifactsOfAPackOrNoneAfterACrash(String stage) throws Exception {
        Process process = process(stage, "pack");
        assertThat(process.waitFor()).isEqualTo(Dying.STATUS);

        InstantSource tomorrow = InstantSource.fixed(Instant.now().plus(Duration.ofDays(1)));
        FileArtifactStore store = new FileArtifactStore(root, 1000, tomorrow);
        for (byte[] artifact : Dying.PACK) {
            assertThat(store.contains(Digest.of(artifact))).isEqualTo(!stage.equals("temp"));
        }
        assertThat(temporaries()).hasSize(stage.equals("temp") ? 1 : 0);
        store.putAll(Dying.PACK);
        store.sweep(Set.of(Digest.of(Dying.PACK.get(0))), Duration.ofHours(1));
        for (byte[] artifact : Dying.PACK) {
            assertThat(store.get(Digest.of(artifact))).isEqualTo(artifact);
        }
        assertThat(temporaries()).isEmpty();
    }

    private Process process(String stage, String what) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Dying.class.getName(),
                        root.toString(),
                        stage,
                        what)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private List<Path> temporaries() throws Exception {
        try (Stream<Path> files = Files.list(root.resolve("tmp"))) {
            return files.toList();
        }
    }

    /** The process that dies at a stage, without any clearing up. */
    static final class Dying {
        static final int STATUS = 77;
        static final List<byte[]> PACK = List.of(BYTES, "a quarter".getBytes(UTF_8), "an eighth".getBytes(UTF_8));

        private Dying() {}

        public static void main(String[] arguments) {
            String stage = arguments[1];
            WriteStages stages = new WriteStages() {
                @Override
                public void afterTempWrite(Digest digest) {
                    if (stage.equals("temp")) {
                        Runtime.getRuntime().halt(STATUS);
                    }
                }

                @Override
                public void afterRename(Digest digest) {
                    if (stage.equals("rename")) {
                        Runtime.getRuntime().halt(STATUS);
                    }
                }

                @Override
                public void afterPointer(Digest digest) {
                    if (stage.equals("pointer")) {
                        Runtime.getRuntime().halt(STATUS);
                    }
                }
            };
            FileArtifactStore store =
                    new FileArtifactStore(Path.of(arguments[0]), 1000, InstantSource.system(), stages);
            if (arguments[2].equals("pack")) {
                store.putAll(PACK);
            } else {
                store.put(BYTES);
            }
        }
    }
}
