package io.headwater.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.DeadLetterHeaders;
import io.headwater.domain.Label;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Sample;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the process of the role with SIGKILL again and again, in the middle of transactions, sometimes together with its state.
 * In the end, each request was answered once, and joined once or expired once, each correction was sent once, and each label for an unknown request
 * is one dead letter.
 */
@OnEmbeddedBroker
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class StreamsKillIT {
    /** A process starts, restores its state, and lets half a minute pass before anything expires. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int KILLED = 128 + 9;
    private static final int UNKNOWN = 10;
    private static final int KILLS = Integer.getInteger("headwater.kills", 10);
    /** Enough for each process to have more events before it than it survives. */
    private static final int REQUESTS = 40 * KILLS;

    @TempDir
    private Path folder;

    private final Random random = new Random(20);
    private final Set<String> labelled = new HashSet<>();
    private final Set<String> corrected = new HashSet<>();

    @Test
    void shouldJoinOrExpireEachRequestOnceWhateverHappens(BrokerUnderTest broker, TestReporter reporter)
            throws Exception {
        String prefix = broker.fresh("killed") + ".";
        try (LateTraffic traffic = LateTraffic.create(broker, prefix)) {
            List<Runnable> records = records(traffic);
            for (int kill = 0; kill < KILLS; kill++) {
                send(records, records.size() * kill / KILLS, records.size() * (kill + 1) / KILLS);
                traffic.flush();
                Process process = StreamsProcess.start(
                        broker.bootstrapServers(), prefix, state(kill), 1 + random.nextInt(20), log());
                assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .as("kill %d", kill)
                        .isTrue();
                assertThat(process.exitValue()).as(this::logged).isEqualTo(KILLED);
            }
            for (String domain :
                    List.of(traffic.topics().domain(0, 0), traffic.topics().domain(1, 0))) {
                traffic.request(domain, "the last one", Duration.ofDays(20));
            }
            traffic.flush();

            Process last = StreamsProcess.start(broker.bootstrapServers(), prefix, state(KILLS), 0, log());
            Await.until(
                    "all requests", PATIENCE, () -> RequestLedger.of(traffic).isComplete());
            Await.until("all dead letters", PATIENCE, () -> traffic.letters().size() >= UNKNOWN);
            last.getOutputStream().close();
            assertThat(last.waitFor()).as(this::logged).isZero();

            RequestLedger ledger = RequestLedger.of(traffic);
            reporter.publishEntry("kills", KILLS + "\n" + String.join("\n", ledger.table()));
            assertThat(ledger.entries()).hasSize(REQUESTS);
            assertThat(ledger.entries())
                    .allSatisfy((id, entry) -> assertThat(entry.isBalanced())
                            .as("%s: %s", id, entry)
                            .isTrue());
            assertSamples(traffic.samples());
            assertThat(traffic.letters())
                    .hasSize(UNKNOWN)
                    .allSatisfy(
                            letter -> assertThat(letter.rejection().reason()).isEqualTo(Reason.UNKNOWN_REQUEST))
                    .extracting(DeadLetterHeaders::partition, DeadLetterHeaders::offset)
                    .doesNotHaveDuplicates();
        }
    }

    /** Records of all kinds in a random order, except that a correction comes after the label that it corrects. */
    private List<Runnable> records(LateTraffic traffic) {
        List<Runnable> records = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            String id = "r" + i;
            String domain = traffic.topics().domain(i % 2, i % 6 / 2);
            Duration at = Duration.ofMinutes(random.nextInt(60));
            records.add(() -> traffic.request(domain, id, at));
            int version = i + 1;
            records.add(() -> traffic.prediction(domain, id, version, "bad", at));
            if (random.nextInt(4) > 0) {
                labelled.add(id);
                boolean isCorrected = random.nextInt(5) == 0;
                if (isCorrected) {
                    corrected.add(id);
                }
                records.add(() -> {
                    traffic.label(domain, id, "good", at.plusHours(1));
                    traffic.label(domain, id, "good", at.plusHours(1));
                    if (isCorrected) {
                        traffic.label(domain, id, "bad", at.plusHours(2));
                    }
                });
            }
        }
        for (int i = 0; i < UNKNOWN; i++) {
            String id = "unknown " + i;
            records.add(() -> traffic.label(traffic.topics().domain(0, 0), id, "good", Duration.ofHours(1)));
        }
        Collections.shuffle(records, random);
        return records;
    }

    private static void send(List<Runnable> records, int from, int to) {
        records.subList(from, to).forEach(Runnable::run);
    }

    /** Every third process finds no state, as on another machine. */
    private Path state(int number) {
        return folder.resolve("state-" + number / 3);
    }

    private void assertSamples(List<Sample> samples) {
        Map<String, List<Sample>> byId =
                samples.stream().collect(Collectors.groupingBy(Sample::id, HashMap::new, Collectors.toList()));
        assertThat(byId.keySet()).isEqualTo(labelled);
        byId.forEach((id, sent) -> {
            List<Label> corrects = new ArrayList<>();
            sent.forEach(sample ->
                    corrects.add(Objects.requireNonNull(sample.provenance()).corrects()));
            // When both labels had to wait for the request, only the newer one is ever used.
            if (!corrected.contains(id)) {
                assertThat(corrects).as(id).containsExactly((Label) null);
            } else {
                assertThat(sent.get(sent.size() - 1).label()).as(id).isEqualTo(new ClassLabel("bad"));
                assertThat(corrects)
                        .as(id)
                        .isIn(List.of(Collections.singletonList(null), Arrays.asList(null, new ClassLabel("good"))));
            }
        });
    }

    private Path log() {
        return folder.resolve("log");
    }

    private String logged() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
