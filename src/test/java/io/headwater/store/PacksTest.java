package io.headwater.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacksTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path folder;

    private Instant now = START;

    @Test
    void shouldGiveBackEachArtifactOfAPack() throws Exception {
        FileArtifactStore store = store();
        store.putAll(artifacts(0, 40));

        for (FileArtifactStore reader : List.of(store, store())) {
            for (byte[] artifact : artifacts(0, 40)) {
                Digest digest = Digest.of(artifact);
                assertThat(reader.contains(digest)).isTrue();
                assertThat(reader.get(digest)).isEqualTo(artifact);
                assertThat(reader.start(digest, 4)).isEqualTo("arti".getBytes(UTF_8));
            }
        }
        assertThat(files("packs")).hasSize(1);
        assertThat(files("sha256")).hasSize(40).allMatch(name -> name.endsWith(".at"));
        Map<Digest, Long> listed = new HashMap<>();
        store.list(one -> listed.put(one.digest(), one.bytes()));
        assertThat(listed).hasSize(40).containsEntry(Digest.of(artifact(7)), (long) artifact(7).length);
    }

    @Test
    void shouldStoreFewArtifactsAsFilesAndNothingTwice() throws Exception {
        FileArtifactStore store = store();
        store.putAll(artifacts(0, 2));
        assertThat(files("packs")).isEmpty();

        store.putAll(artifacts(0, 5));
        store.putAll(artifacts(0, 5));
        store.put(artifact(4));

        assertThat(files("packs")).hasSize(1);
        assertThat(files("sha256")).hasSize(5);
        assertThat(store.get(Digest.of(artifact(1)))).isEqualTo(artifact(1));
        assertThat(store.get(Digest.of(artifact(4)))).isEqualTo(artifact(4));
    }

    /** As after a power failure: a pack is synced, the pointers into it are not. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldFindArtifactsWhosePointersWereLost(boolean namesRemain) throws Exception {
        store().putAll(artifacts(0, 10));
        store().putAll(artifacts(10, 20));
        losePointers(namesRemain);

        FileArtifactStore store = store();
        for (byte[] artifact : artifacts(0, 20)) {
            assertThat(store.get(Digest.of(artifact))).isEqualTo(artifact);
        }
        assertThat(store.contains(Digest.of(artifact(20)))).isFalse();
        store.putAll(artifacts(15, 25));
        assertThat(store.contains(Digest.of(artifact(24)))).isTrue();
        assertThat(files("sha256")).hasSize(25);
    }

    /** Whoever sweeps has read nothing before, so that no pointer was written again. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotDeleteWhatIsNeededWhenItsPointersWereLost(boolean namesRemain) throws Exception {
        store().putAll(artifacts(0, 10));
        losePointers(namesRemain);
        now = START.plus(HOUR.multipliedBy(2));

        store().sweep(digests(0, 2), HOUR);

        for (byte[] artifact : artifacts(0, 2)) {
            assertThat(store().get(Digest.of(artifact))).isEqualTo(artifact);
        }
        assertThat(store().contains(Digest.of(artifact(5)))).isFalse();
        assertThat(files("packs")).isEmpty();
    }

    private void losePointers(boolean namesRemain) throws IOException {
        for (String pointer : files("sha256")) {
            Files.delete(root().resolve(pointer));
            if (namesRemain) {
                Files.createFile(root().resolve(pointer));
            }
        }
    }

    @Test
    void shouldKeepAPackOfWhichMoreThanHalfIsNeeded() throws Exception {
        FileArtifactStore store = store();
        store.putAll(artifacts(0, 10));
        now = START.plus(HOUR.multipliedBy(2));

        assertThat(store.sweep(digests(0, 6), HOUR)).isZero();

        assertThat(files("packs")).hasSize(1);
        assertThat(store.get(Digest.of(artifact(9)))).isEqualTo(artifact(9));
    }

    @Test
    void shouldTakeOutWhatIsNeededOfAnOldPackAndDeleteTheRest() throws Exception {
        FileArtifactStore store = store();
        store.putAll(artifacts(0, 10));
        store.putAll(artifacts(10, 20));
        now = START.plus(HOUR.multipliedBy(2));
        store.renew(Digest.of(artifact(3))); // young again, although nothing refers to it

        assertThat(store.sweep(digests(0, 2), HOUR)).isEqualTo(1 + 7 + 1 + 10);

        assertThat(files("packs")).isEmpty();
        assertThat(files("sha256")).hasSize(3).noneMatch(name -> name.endsWith(".at"));
        for (int i : new int[] {0, 1, 3}) {
            assertThat(store.get(Digest.of(artifact(i)))).isEqualTo(artifact(i));
        }
        assertThat(store.contains(Digest.of(artifact(2)))).isFalse();
        assertThat(store.contains(Digest.of(artifact(10)))).isFalse();
        assertThatExceptionOfType(ArtifactException.class).isThrownBy(() -> store.get(Digest.of(artifact(10))));
        // What was taken out is as old as it was.
        assertThat(store.sweep(Set.of(), HOUR)).isEqualTo(2);
        assertThat(store.contains(Digest.of(artifact(3)))).isTrue();
    }

    @Test
    void shouldNotDeleteAYoungPack() throws Exception {
        FileArtifactStore store = store();
        store.putAll(artifacts(0, 10));
        now = START.plus(HOUR);

        assertThat(store.sweep(Set.of(), HOUR)).isZero();
        assertThat(store.contains(Digest.of(artifact(0)))).isTrue();
    }

    @Test
    void shouldNoticeDamageAndMendItWithTheNextPut() throws Exception {
        FileArtifactStore store = store();
        store.putAll(artifacts(0, 10));
        Path pack = root().resolve(files("packs").get(0));
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length - 1]++;
        Files.delete(pack);
        Files.write(pack, bytes);

        Digest damaged = Digest.of(artifact(9));
        assertThatExceptionOfType(ArtifactException.class)
                .isThrownBy(() -> store.get(damaged))
                .withMessageContainingAll(pack.toString(), "must hash to its name", "damaged");
        assertThat(store.get(Digest.of(artifact(8)))).isEqualTo(artifact(8));
        now = START.plus(HOUR.multipliedBy(2));
        assertThat(store.sweep(Set.of(damaged), HOUR)).isZero();

        store.put(artifact(9));
        assertThat(store.get(damaged)).isEqualTo(artifact(9));
    }

    @Test
    void shouldWriteNothingInThePlaceOfAStoreThatIsAway() throws Exception {
        FileArtifactStore store = store();
        store.putAll(artifacts(0, 3));
        Files.move(root(), folder.resolve("away"));
        Files.createDirectory(root());

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> store.putAll(artifacts(3, 6)))
                .withMessageContainingAll(root().toString(), "is it mounted?");
        assertThat(root()).isEmptyDirectory();
    }

    @Test
    void shouldLetReadersGoOnWhileASweepTakesArtifactsOut() throws Exception {
        FileArtifactStore store = store();
        for (int from = 0; from < 200; from += 10) {
            store.putAll(artifacts(from, from + 10));
        }
        now = START.plus(HOUR.multipliedBy(2));
        AtomicBoolean done = new AtomicBoolean();
        List<Throwable> faults = new ArrayList<>();
        Thread reader = new Thread(() -> {
            while (!done.get()) {
                for (int i = 0; i < 200; i += 10) {
                    assertThat(store.get(Digest.of(artifact(i)))).isEqualTo(artifact(i));
                }
            }
        });
        reader.setUncaughtExceptionHandler((thread, fault) -> faults.add(fault));
        reader.start();

        Set<Digest> needed = new HashSet<>();
        for (int i = 0; i < 200; i += 10) {
            needed.add(Digest.of(artifact(i)));
        }
        store.sweep(needed, HOUR);
        done.set(true);
        reader.join();

        assertThat(faults).isEmpty();
        assertThat(files("sha256")).hasSize(20);
    }

    @Test
    void shouldCollectInABatchAndStoreTogether() throws Exception {
        FileArtifactStore store = store();
        ArtifactBatch batch = new ArtifactBatch(store);
        Digest digest = batch.put(artifact(0));
        artifacts(1, 10).forEach(batch::put);

        assertThat(batch.get(digest)).isEqualTo(artifact(0));
        assertThat(batch.start(digest, 4)).isEqualTo("arti".getBytes(UTF_8));
        assertThat(batch.contains(digest)).isTrue();
        batch.renew(digest);
        assertThat(store.contains(digest)).isFalse();

        batch.flush();
        batch.flush();
        assertThat(store.get(digest)).isEqualTo(artifact(0));
        assertThat(files("packs")).hasSize(1);
        byte[] large = new byte[2 << 20];
        assertThat(store.contains(batch.put(large))).isTrue();
    }

    private FileArtifactStore store() {
        return new FileArtifactStore(root(), 4 << 20, () -> now);
    }

    private Path root() {
        return folder.resolve("store");
    }

    private static byte[] artifact(int i) {
        return ("artifact number " + (1000 + i)).getBytes(UTF_8);
    }

    private static List<byte[]> artifacts(int from, int to) {
        return IntStream.range(from, to).mapToObj(PacksTest::artifact).toList();
    }

    private static Set<Digest> digests(int from, int to) {
        return new HashSet<>(artifacts(from, to).stream().map(Digest::of).toList());
    }

    /** Returns the regular files below a folder of the store, relative to it. */
    private List<String> files(String below) throws IOException {
        Path start = root().resolve(below);
        if (!Files.exists(start)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(start)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> root().relativize(file).toString())
                    .toList();
        }
    }
}
