package io.headwater.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.headwater.domain.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path root;

    private Instant now = START;

    @Test
    void shouldDeleteWhatIsOldAndNotReferenced() {
        FileArtifactStore store = store();
        Digest orphan = store.put(bytes("orphan"));
        Digest kept = store.put(bytes("kept"));
        now = START.plus(HOUR).plusMillis(1);
        Digest young = store.put(bytes("young"));

        assertThat(store.sweep(Set.of(kept), HOUR)).isEqualTo(1);

        assertThat(store.contains(orphan)).isFalse();
        assertThat(store.get(kept)).isEqualTo(bytes("kept"));
        assertThat(store.contains(young)).isTrue();
        assertThat(store.sweep(Set.of(kept), HOUR)).isZero();
    }

    @Test
    void shouldNotTouchWhatIsExactlyAsOldAsAllowedOrFromTheFuture() {
        FileArtifactStore store = store();
        Digest digest = store.put(bytes("a"));

        now = START.plus(HOUR);
        assertThat(store.sweep(Set.of(), HOUR)).isZero();
        now = START.minus(HOUR);
        assertThat(store.sweep(Set.of(), Duration.ZERO)).isZero();
        assertThat(store.contains(digest)).isTrue();
    }

    @Test
    void shouldTakeAnArtifactThatIsPutAgainForYoung() {
        FileArtifactStore store = store();
        Digest digest = store.put(bytes("a"));
        now = START.plus(HOUR.multipliedBy(5));
        store.put(bytes("a"));
        now = now.plus(HOUR);

        assertThat(store.sweep(Set.of(), HOUR)).isZero();
        assertThat(store.contains(digest)).isTrue();
    }

    @Test
    void shouldClearUpAfterCrashedWrites() throws IOException {
        FileArtifactStore store = store();
        Digest digest = store.put(bytes("a"));
        Path old = aged(root.resolve("tmp/0123456789ab-old.tmp"), START.minus(HOUR));
        Path young = aged(root.resolve("tmp/0123456789ab-young.tmp"), START);

        assertThat(store.sweep(Set.of(digest), Duration.ofMinutes(5))).isEqualTo(1);

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void shouldLeaveStrangersFilesAlone() throws IOException {
        FileArtifactStore store = store();
        store.put(bytes("a"));
        Path outside = aged(Files.createDirectories(root.resolve("other")).resolve("file"), Instant.EPOCH);
        List<Path> strangers = List.of(
                outside,
                aged(root.resolve("notes.txt"), Instant.EPOCH),
                aged(root.resolve("sha256/README"), Instant.EPOCH),
                aged(root.resolve("tmp/keep.txt"), Instant.EPOCH),
                aged(Files.createDirectories(root.resolve("sha256/zz")).resolve("f".repeat(62)), Instant.EPOCH),
                Files.createSymbolicLink(
                        Files.createDirectories(root.resolve("sha256/aa")).resolve("a".repeat(62)), outside),
                Files.createDirectories(root.resolve("sha256/ab").resolve("b".repeat(62))));
        now = START.plus(HOUR);

        assertThat(store.sweep(Set.of(), Duration.ofMinutes(1))).isEqualTo(1);
        assertThat(strangers).allSatisfy(path -> assertThat(path).exists());
    }

    @Test
    void shouldFindNothingInAStoreThatWasNeverWrittenTo() {
        assertThat(store().sweep(Set.of(), HOUR)).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> store().sweep(Set.of(), HOUR.negated()));
    }

    /** Every artifact is old when it is put again, so each put races the sweep for it. */
    @Test
    void shouldNeverTakeWhatIsBeingPut() throws Exception {
        FileArtifactStore store = store();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService sweeper = Executors.newSingleThreadExecutor();
        try {
            FileArtifactStore other = store();
            Future<Integer> swept = sweeper.submit(() -> {
                int deleted = 0;
                while (!done.get()) {
                    deleted += other.sweep(Set.of(), Duration.ofMinutes(1));
                }
                return deleted;
            });

            List<Digest> missing = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                Path file = new StoreLayout(root).artifact(Digest.of(bytes("raced")));
                if (Files.exists(file)) {
                    age(file);
                }
                Digest digest = store.put(bytes("raced"));
                if (!store.contains(digest)) {
                    missing.add(digest);
                }
            }
            done.set(true);

            assertThat(missing).isEmpty();
            assertThat(swept.get()).isNotNegative();
        } finally {
            done.set(true);
            sweeper.shutdown();
        }
    }

    private FileArtifactStore store() {
        return new FileArtifactStore(root, 1000, () -> now);
    }

    private static void age(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        } catch (IOException sweptMeanwhile) {
            assertThat(file).doesNotExist();
        }
    }

    private static Path aged(Path file, Instant modified) throws IOException {
        Files.write(file, new byte[3]);
        return Files.setLastModifiedTime(file, FileTime.from(modified));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
