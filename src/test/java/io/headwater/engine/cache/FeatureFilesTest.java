package io.headwater.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.domain.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureFilesTest {
    private static final long MIB = 1 << 20;
    private static final Digest A = Digest.of(new byte[] {1});
    private static final Digest B = Digest.of(new byte[] {2});
    private static final Digest C = Digest.of(new byte[] {3});
    private static final Digest PAYLOAD = Digest.of(new byte[] {4});
    private static final Map<String, String> HERE = Map.of("threads", "1");
    private static final float[] FEATURES = {1.5f, 0.1f};

    @TempDir
    Path folder;

    @Test
    void shouldKeepFeaturesOverARestart() {
        try (FeatureCache cache = cache(A, HERE)) {
            cache.put(PAYLOAD, FEATURES);
        }

        try (FeatureCache cache = cache(A, HERE)) {
            assertThat(cache.get(PAYLOAD)).containsExactly(FEATURES);
            assertThat(cache.get(PAYLOAD)).containsExactly(FEATURES);
            assertThat(cache.get(A)).isNull();
            assertThat(cache.fileHits()).isEqualTo(1);
            assertThat(cache.memoryHits()).isEqualTo(1);
            assertThat(cache.misses()).isEqualTo(1);
            assertThat(cache.fileBytes()).isPositive().isLessThanOrEqualTo(MIB);
        }
    }

    @Test
    void shouldKeepAFileForEachBackboneAndEachWayOfComputing() throws IOException {
        try (FeatureCache cache = cache(A, HERE)) {
            cache.put(PAYLOAD, FEATURES);
        }
        try (FeatureCache cut = cache(B, HERE);
                FeatureCache threads = cache(A, Map.of("threads", "2"))) {
            assertThat(cut.get(PAYLOAD)).isNull();
            assertThat(threads.get(PAYLOAD)).isNull();
        }
        try (FeatureCache cache = cache(A, HERE)) {
            assertThat(cache.get(PAYLOAD)).containsExactly(FEATURES);
        }
        assertThat(files()).hasSize(3).anyMatch(name -> name.startsWith(B.hex()));
    }

    @Test
    void shouldMakeRoomByDeletingWhatNobodyUsesTheOldestFirst() throws IOException {
        // Given three files where there is room for three, one in use
        FeatureFiles three = new FeatureFiles(folder, MIB, 3 * MIB);
        FeatureCache used = FeatureCache.open(0, three, A, HERE);
        FeatureCache.open(0, three, B, HERE).close();
        FeatureCache.open(0, three, C, HERE).close();
        date(A, 1);
        date(B, 2);
        date(C, 3);
        Files.writeString(folder.resolve("notes.txt"), "not ours");

        // When
        try (used;
                FeatureCache more = FeatureCache.open(0, three, PAYLOAD, HERE)) {
            // Then
            assertThat(more.hasFile()).isTrue();
            assertThat(files()).hasSize(4).contains("notes.txt").noneMatch(name -> name.startsWith(B.hex()));
        }
    }

    @Test
    void shouldGoWithoutAFileWhereThereCanBeNone() throws IOException {
        Path blocked = Files.writeString(folder.resolve("file"), "");
        FeatureFiles two = new FeatureFiles(folder.resolve("two"), MIB, 2 * MIB);

        try (FeatureCache none = FeatureCache.open(MIB, new FeatureFiles(blocked.resolve("x"), MIB, MIB), A, HERE);
                FeatureCache first = FeatureCache.open(MIB, two, A, HERE);
                FeatureCache same = FeatureCache.open(MIB, two, A, HERE);
                FeatureCache second = FeatureCache.open(MIB, two, B, HERE);
                FeatureCache third = FeatureCache.open(MIB, two, C, HERE)) {
            assertThat(Stream.of(none, first, same, second, third).map(FeatureCache::hasFile))
                    .containsExactly(false, true, false, true, false);
            none.put(PAYLOAD, FEATURES);
            assertThat(none.get(PAYLOAD)).containsExactly(FEATURES);
        }
    }

    @Test
    void shouldNotFollowALink() throws IOException {
        FeatureCache.open(0, new FeatureFiles(folder, MIB, MIB), A, HERE).close();
        Path file = folder.resolve(files().get(0));
        Path target = Files.writeString(folder.resolve("target"), "precious");
        Files.delete(file);
        Files.createSymbolicLink(file, target);

        try (FeatureCache cache = FeatureCache.open(0, new FeatureFiles(folder, MIB, MIB), A, HERE)) {
            assertThat(cache.hasFile()).isFalse();
            assertThat(target).hasContent("precious");
        }
    }

    @Test
    void shouldRejectSizesThatCannotBe() {
        assertThatThrownBy(() -> new FeatureFiles(folder, 1, 10)).hasMessageContaining("at least 1048576");
        assertThatThrownBy(() -> new FeatureFiles(folder, 2 * MIB, MIB)).hasMessageContaining("was given 2097152");
    }

    private FeatureCache cache(Digest backbone, Map<String, String> computing) {
        return FeatureCache.open(MIB, new FeatureFiles(folder, MIB, 10 * MIB), backbone, computing);
    }

    private void date(Digest backbone, int second) throws IOException {
        String name = files().stream()
                .filter(file -> file.startsWith(backbone.hex()))
                .findFirst()
                .orElseThrow();
        Files.setLastModifiedTime(folder.resolve(name), FileTime.fromMillis(1000L * second));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
