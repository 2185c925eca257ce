package io.headwater.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a stored vector is found bit for bit or not at all, whatever happens to the file. */
class FeatureFileTest {
    private static final Digest IDENTITY = Digest.of(new byte[] {1});
    private static final Digest OTHER = Digest.of(new byte[] {2});
    /** A small layout that is soon full: 64 slots, three segments of one page. */
    private static final FeatureFileLayout SMALL = new FeatureFileLayout(512, 4096, 3);

    @TempDir
    Path folder;

    @Test
    void shouldFindWhatAnEarlierProcessPut() throws IOException {
        Path path = folder.resolve("a");
        float[] exact = {0.1f, Float.MIN_VALUE, -0f};
        float[] halves = {0.5f, -2f, 65504f, 0x1p-24f};
        try (FeatureFile file = open(path)) {
            file.put(key(1), exact);
            file.put(key(2), halves);
            file.put(key(3), new float[0]);
        }

        try (FeatureFile file = open(path)) {
            assertThat(file.get(key(1))).containsExactly(exact);
            assertThat(file.get(key(2))).containsExactly(halves);
            assertThat(file.get(key(3))).isEmpty();
            assertThat(file.get(key(4))).isNull();
        }
    }

    @Test
    void shouldTakeHalfTheBytesOfWhatHalvesHold() {
        FeatureEntry entries = new FeatureEntry(new byte[32]);
        byte[] key = new byte[FeatureEntry.KEY_BYTES];

        assertThat(entries.encode(key, new float[] {1, 2, 3})).hasSize(FeatureEntry.HEADER_BYTES + 6);
        assertThat(entries.encode(key, new float[] {1, 2, 0.1f})).hasSize(FeatureEntry.HEADER_BYTES + 12);
    }

    @Test
    void shouldOverwriteTheOldestAndNeverGrowBeyondItsBound() throws IOException {
        Path path = folder.resolve("a");
        try (FeatureFile file = open(path)) {
            for (int i = 0; i < 500; i++) {
                file.put(key(i), row(i, 100));

                assertThat(file.get(key(i))).containsExactly(row(i, 100));
            }
            assertThat(file.get(key(0))).isNull();
            assertThat(file.get(key(498))).containsExactly(row(498, 100));
            assertThat(file.bytes()).isEqualTo(Files.size(path)).isEqualTo(4096 + 512 + 3 * 4096);
        }
    }

    @Test
    void shouldPassOverWhatNoSegmentHolds() throws IOException {
        try (FeatureFile file = open(folder.resolve("a"))) {
            file.put(key(1), row(1, 2000));
            file.put(key(2), row(2, (4096 - FeatureEntry.HEADER_BYTES) / 4));

            assertThat(file.get(key(1))).isNull();
            assertThat(file.get(key(2))).hasSize((4096 - FeatureEntry.HEADER_BYTES) / 4);
        }
    }

    @Test
    void shouldReplaceWhatHasChanged() throws IOException {
        try (FeatureFile file = open(folder.resolve("a"))) {
            file.put(key(1), row(1, 10));
            file.put(key(1), row(2, 10));

            assertThat(file.get(key(1))).containsExactly(row(2, 10));
        }
    }

    @Test
    void shouldBelongToOneAtATimeAndFindNothingOnceClosed() throws IOException {
        Path path = folder.resolve("a");
        FeatureFile first = open(path);
        first.put(key(1), row(1, 10));

        assertThat(FeatureFile.open(path, SMALL, IDENTITY)).isNull();
        first.close();
        first.close();
        first.put(key(2), row(2, 10));

        assertThat(first.get(key(1))).isNull();
        try (FeatureFile next = open(path)) {
            assertThat(next.get(key(1))).containsExactly(row(1, 10));
            assertThat(next.get(key(2))).isNull();
        }
    }

    @Test
    void shouldStartAForeignFileAnew() throws IOException {
        Path path = folder.resolve("a");
        Files.write(path, "a letter, not a cache".getBytes(StandardCharsets.UTF_8));
        fillAndCheck(path, SMALL, IDENTITY);

        fillAndCheck(path, SMALL, OTHER);
        fillAndCheck(path, new FeatureFileLayout(1024, 4096, 2), OTHER);
    }

    @Test
    void shouldNotTakeEntriesOfAFileOfAnotherIdentity() {
        byte[] key = new byte[FeatureEntry.KEY_BYTES];
        byte[] entry = new FeatureEntry(new byte[] {1}).encode(key, new float[] {1});

        assertThat(new FeatureEntry(new byte[] {1}).decode(ByteBuffer.wrap(entry), 0, key))
                .containsExactly(1);
        assertThat(new FeatureEntry(new byte[] {2}).decode(ByteBuffer.wrap(entry), 0, key))
                .isNull();
    }

    @Test
    void shouldGoOnWithoutAFileThatIsTakenAwayWhileInUse() throws IOException {
        Path path = folder.resolve("a");
        try (FeatureFile file = open(path)) {
            file.put(key(1), row(1, 10));
            try (FileChannel other = FileChannel.open(path, StandardOpenOption.WRITE)) {
                other.truncate(0);
            }

            assertThat(file.get(key(1))).isNull();
            file.put(key(1), row(1, 10));
            assertThat(file.get(key(1))).isNull();
        }
        fillAndCheck(path, SMALL, IDENTITY);
    }

    @Test
    void shouldServeSeveralThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (FeatureFile file = open(folder.resolve("a"))) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                Random random = new Random(thread + 1L);
                running.add(threads.submit(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        int n = random.nextInt(60);
                        if (random.nextBoolean()) {
                            file.put(key(n), row(n, n * 5));
                        } else {
                            assertFoundOrAbsent(file, n, n * 5);
                        }
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Property(tries = 300)
    void shouldFindWhatWasPutOrNothingWhateverHappensToTheFile(@ForAll long seed, @ForAll @IntRange(max = 3) int harm)
            throws IOException {
        Path path = Files.createTempFile("headwater-features", ".test");
        try {
            Random random = new Random(seed);
            Map<Integer, Integer> lengths = new HashMap<>();
            for (int life = 0; life < 4; life++) {
                try (FeatureFile file = open(path)) {
                    for (int i = 0; i < 40; i++) {
                        int n = random.nextInt(50);
                        int length = lengths.computeIfAbsent(n, any -> random.nextInt(300));
                        file.put(key(n), row(n, length));
                        int looked = random.nextInt(50);
                        assertFoundOrAbsent(file, looked, lengths.getOrDefault(looked, -1));
                    }
                }
                harm(path, harm, random);
                try (FeatureFile file = open(path)) {
                    for (int n = 0; n < 50; n++) {
                        assertFoundOrAbsent(file, n, lengths.getOrDefault(n, -1));
                    }
                }
            }
        } finally {
            Files.delete(path);
        }
    }

    @Property(tries = 200)
    void shouldLayOutFilesWithinTheirBound(@ForAll @IntRange(min = 20, max = 40) int log, @ForAll @IntRange int more) {
        long bound = (1L << log) + Math.floorMod(more, 1L << log);

        FeatureFileLayout layout = FeatureFileLayout.of(bound);

        long bytes = layout.segmentAt(layout.segments());
        assertThat(bytes).isLessThanOrEqualTo(bound).isGreaterThan(bound * 9 / 10);
        assertThat(layout.writtenSegments(bytes)).isEqualTo(layout.segments());
        assertThat(layout.writtenSegments(bytes - 1)).isEqualTo(-1);
    }

    /** Damages the file as a crash, a full disk or another process might. */
    private static void harm(Path path, int kind, Random random) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = file.size();
            if (kind == 1) {
                file.truncate(random.nextLong(size));
            } else if (kind == 2) {
                for (int i = 0; i < 64; i++) {
                    byte[] garbage = new byte[1 + random.nextInt(16)];
                    random.nextBytes(garbage);
                    file.write(ByteBuffer.wrap(garbage), 64 + random.nextLong(size - 80));
                }
            } else if (kind == 3) {
                // Pages that never reached the disk: parts of the file have their old content or none.
                for (long page = 0; page < size; page += 512) {
                    if (random.nextInt(4) == 0) {
                        file.write(ByteBuffer.allocate(512), page);
                    }
                }
            }
        }
    }

    private static void assertFoundOrAbsent(FeatureFile file, int n, int length) {
        float[] found = file.get(key(n));
        if (found != null) {
            assertThat(found).isEqualTo(row(n, length));
        }
    }

    private static void fillAndCheck(Path path, FeatureFileLayout layout, Digest identity) throws IOException {
        try (FeatureFile file = Objects.requireNonNull(FeatureFile.open(path, layout, identity))) {
            assertThat(file.get(key(1))).isNull();
            file.put(key(1), row(1, 10));
            assertThat(file.get(key(1))).containsExactly(row(1, 10));
        }
    }

    private static FeatureFile open(Path path) {
        try {
            return Objects.requireNonNull(FeatureFile.open(path, SMALL, IDENTITY));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Digest key(int n) {
        return Digest.of(ByteBuffer.allocate(4).putInt(n).array());
    }

    /** Returns a random vector; for odd {@code n} its values are representable in half precision. */
    private static float[] row(int n, int length) {
        float[] row = new float[Math.max(0, length)];
        for (int i = 0; i < row.length; i++) {
            row[i] = n % 2 == 0 ? n + i / 3f : n + i;
        }
        return row;
    }
}
