package io.headwater.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class StorePropertiesTest {
    private static final int MINIMUM_AGE = 3;

    /**
     * Any history of puts (even numbers) and sweeps (odd numbers), an hour apart, against a map from digest to the hour
     * of the last put: what is referenced or young is there and whole, everything else is gone after a sweep.
     */
    @Property(tries = 60)
    void shouldKeepExactlyWhatIsReferencedOrYoung(
            @ForAll @Size(max = 25) List<@IntRange(max = 11) Integer> history,
            @ForAll @Size(max = 3) Set<@IntRange(max = 5) Integer> referenced)
            throws IOException {
        Path root = Files.createTempDirectory("store");
        try {
            Instant[] now = {Instant.parse("2026-01-01T00:00:00Z")};
            FileArtifactStore store = new FileArtifactStore(root, 10, () -> now[0]);
            Set<Digest> kept = new HashSet<>();
            referenced.forEach(content -> kept.add(Digest.of(new byte[] {content.byteValue()})));
            Map<Digest, Instant> expected = new HashMap<>();

            for (int action : history) {
                now[0] = now[0].plus(Duration.ofHours(1));
                if (action % 2 == 0) {
                    expected.put(store.put(new byte[] {(byte) (action / 2)}), now[0]);
                } else {
                    int before = expected.size();
                    Instant youngFrom = now[0].minus(Duration.ofHours(MINIMUM_AGE));
                    expected.entrySet()
                            .removeIf(entry -> !kept.contains(entry.getKey())
                                    && entry.getValue().isBefore(youngFrom));
                    assertThat(store.sweep(kept, Duration.ofHours(MINIMUM_AGE))).isEqualTo(before - expected.size());
                }
            }

            for (byte content = 0; content < 6; content++) {
                Digest digest = Digest.of(new byte[] {content});
                assertThat(store.contains(digest)).isEqualTo(expected.containsKey(digest));
                if (expected.containsKey(digest)) {
                    assertThat(store.get(digest)).containsExactly(content);
                }
            }
        } finally {
            delete(root);
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
