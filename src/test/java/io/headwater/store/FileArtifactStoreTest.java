package io.headwater.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileArtifactStoreTest {
    private static final byte[] BYTES = "weights".getBytes(UTF_8);

    @TempDir
    Path folder;

    private Path root;
    private FileArtifactStore store;

    @BeforeEach
    void open() {
        root = folder.resolve("made/when/needed");
        store = new FileArtifactStore(root, 1000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1000})
    void shouldGiveBackWhatWasPut(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);

        Digest digest = store.put(bytes);

        assertThat(digest).isEqualTo(Digest.of(bytes));
        assertThat(store.get(digest)).isEqualTo(bytes);
        assertThat(store.contains(digest)).isTrue();
        assertThat(new FileArtifactStore(root, 1000).get(digest)).isEqualTo(bytes);
    }

    @Test
    void shouldNameFilesByTheirContentAndLeaveNothingElse() throws Exception {
        Digest digest = store.put(BYTES);

        Path file = root.resolve("sha256")
                .resolve(digest.hex().substring(0, 2))
                .resolve(digest.hex().substring(2));
        assertThat(file).hasBinaryContent(BYTES);
        assertThat(files()).containsExactlyInAnyOrder(file, root.resolve("lock"));
    }

    @Test
    void shouldLetNobodyWriteToAnArtifact() throws Exception {
        assertThat(Files.getPosixFilePermissions(file(store.put(BYTES))))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.GROUP_READ);
    }

    @Test
    void shouldHideATemporaryFileUntilItIsWhole() throws Exception {
        List<String> seen = new ArrayList<>();
        store = with(new WriteStages() {
            @Override
            public void afterTempWrite(Digest digest) {
                seen.add("written " + store.contains(digest));
            }

            @Override
            public void afterRename(Digest digest) {
                seen.add("renamed " + store.contains(digest));
            }
        });

        store.put(BYTES);
        store.put(BYTES);

        assertThat(seen).containsExactly("written false", "renamed true");
    }

    /** As where a volume is unmounted, with and without the folder on which it was mounted. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWriteNothingInThePlaceOfAStoreThatIsAway(boolean folderStays) throws Exception {
        store.put(BYTES);
        Path away = folder.resolve("away");
        Files.move(root, away);
        if (folderStays) {
            Files.createDirectory(root);
        }

        byte[] others = "other weights".getBytes(UTF_8);
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> store.put(others))
                .withMessageContainingAll(root.toString(), "is it mounted?");

        assertThat(Files.exists(root)).isEqualTo(folderStays);
        if (folderStays) {
            assertThat(root).isEmptyDirectory();
            Files.delete(root);
        }
        Files.move(away, root);
        assertThat(store.get(store.put(others))).isEqualTo(others);
    }

    @Test
    void shouldRefuseWhatIsTooLarge() throws Exception {
        assertThatExceptionOfType(ArtifactException.class)
                .isThrownBy(() -> store.put(new byte[1001]))
                .withMessageContainingAll("at most 1000 bytes", "has 1001");
        assertThat(root).doesNotExist();

        Digest large = new FileArtifactStore(root, 2000).put(new byte[2000]);
        assertThatExceptionOfType(ArtifactException.class)
                .isThrownBy(() -> store.get(large))
                .withMessageContainingAll(file(large).toString(), "at most 1000 bytes", "has 2000");
        assertThatIllegalArgumentException().isThrownBy(() -> new FileArtifactStore(root, 0));
    }

    @Test
    void shouldSayWhereAMissingArtifactWasLookedFor() throws Exception {
        Digest digest = Digest.of(BYTES);

        assertThat(store.contains(digest)).isFalse();
        assertThatExceptionOfType(ArtifactException.class)
                .isThrownBy(() -> store.get(digest))
                .withMessageContainingAll(digest.toString(), file(digest).toString(), "restore");
        Files.createDirectories(file(digest));
        assertThat(store.contains(digest)).isFalse();
        assertThatExceptionOfType(ArtifactException.class).isThrownBy(() -> store.get(digest));
    }

    @ParameterizedTest
    @ValueSource(strings = {"weightS", "weight", "weights!", ""})
    void shouldNoticeDamageAndMendItWithTheNextPut(String damaged) throws Exception {
        Digest digest = store.put(BYTES);
        replace(file(digest), damaged.getBytes(UTF_8));

        assertThatExceptionOfType(ArtifactException.class)
                .isThrownBy(() -> store.get(digest))
                .withMessageContainingAll(file(digest).toString(), "must hash to its name", "damaged");
        store.put(BYTES);
        assertThat(store.get(digest)).isEqualTo(BYTES);
    }

    @Test
    void shouldNameTheFolderThatCannotBeWrittenTo() throws Exception {
        Files.writeString(folder.resolve("made"), "in the way");

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> store.put(BYTES))
                .withMessageContainingAll(Digest.of(BYTES).toString(), root.toString(), "space left");
    }

    @Test
    void shouldLeaveNothingBehindWhenTheDiskIsFull() throws Exception {
        store = with(new WriteStages() {
            @Override
            public void afterTempWrite(Digest digest) {
                throw new UncheckedIOException(new IOException("No space left on device"));
            }
        });

        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> store.put(BYTES));
        assertThat(files()).containsExactly(root.resolve("lock"));
    }

    @Test
    void shouldTakePutsOfTheSameAndOfDifferentBytesAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Digest>> puts = new ArrayList<>();
            for (int i = 0; i < 96; i++) {
                byte[] bytes = ("artifact " + i % 12).getBytes(UTF_8);
                // A second store on the same folder stands for a second process.
                FileArtifactStore either = i % 2 == 0 ? store : new FileArtifactStore(root, 1000);
                puts.add(() -> either.put(bytes));
            }

            List<Future<Digest>> digests = threads.invokeAll(puts);

            for (int i = 0; i < digests.size(); i++) {
                assertThat(store.get(digests.get(i).get())).isEqualTo(("artifact " + i % 12).getBytes(UTF_8));
            }
            assertThat(files()).hasSize(12 + 1);
        } finally {
            threads.shutdownNow();
        }
    }

    private FileArtifactStore with(WriteStages stages) {
        return new FileArtifactStore(root, 1000, java.time.InstantSource.system(), stages);
    }

    private Path file(Digest digest) {
        return new StoreLayout(root).artifact(digest);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static void replace(Path file, byte[] bytes) throws IOException {
        Files.delete(file);
        Files.write(file, bytes);
    }
}
