package io.headwater.bench.streams;

import io.headwater.bench.Bench;
import io.headwater.bench.Folders;
import io.headwater.bench.Machine;
import io.headwater.codec.EventType;
import io.headwater.domain.Digest;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Topic;
import io.headwater.role.RoleState;
import io.headwater.streams.JoinEvent;
import io.headwater.streams.Streams;
import io.headwater.streams.StreamsListener;
import io.headwater.streams.StreamsSettings;
import io.headwater.streams.StreamsSetup;
import io.headwater.task.goal.ClassGoal;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.TestTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Measures how many requests, predictions and labels the role {@code streams} reads and joins in a second while it holds the state of
 * open requests, and how long it takes to restore this state from the brokers. Broker and role share the process and its processors.
 * The requests, predictions and labels to be joined are on the topics before the role starts, and come in the order in which each
 * request is asked, answered and labelled. Time is that from the start of the role, with its state on the disk, until the last label is
 * joined, and from the start of the role, without state, to its readiness.
 */
final class StreamsBench {
    private static final int PARTITIONS = 4;
    private static final int DOMAINS = 16;
    private static final int TEXT = 200;
    private static final int MAX_RECORD_BYTES = 1 << 20;
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private StreamsBench() {}

    /** Prints all results; with {@code --quick}, of fewer records. */
    public static void main(String[] args) throws Exception {
        boolean quick = Bench.isQuick(args);
        Path folder = Files.createTempDirectory("headwater-streams");
        Map<String, Object> measured = new LinkedHashMap<>();
        try {
            int open = quick ? 100_000 : 1_000_000;
            int joined = quick ? 30_000 : 300_000;
            List<Map<String, Object>> rows = new ArrayList<>();
            for (int threads = 1; threads <= 2; threads++) {
                rows.add(join(folder.resolve("join-" + threads), open, joined, threads));
            }
            measured.put("joins", rows);
            measured.putAll(restore(folder.resolve("restore"), open));
            measured.put("textCharacters", TEXT);
            measured.put("partitions", PARTITIONS);
            Bench.print("streams", measured, Machine.facts());
        } finally {
            Folders.delete(folder);
        }
    }

    private static Map<String, Object> join(Path folder, int open, int count, int threads) throws Exception {
        try (BrokerUnderTest broker = BrokerUnderTest.embedded();
                TestTopics topics = topics(broker)) {
            open(topics, folder, open);
            for (int i = open; i < open + count; i++) {
                ask(topics, i);
                topics.send(Topic.LABELS, id(i), id(i), label(topics, i));
            }
            topics.flush();
            Counts counts = new Counts();
            Streams role = role(topics, folder, threads, counts);
            long begun = System.nanoTime();
            role.start();
            await("all labels", () -> counts.joined.get() >= count);
            double seconds = (System.nanoTime() - begun) / 1e9;
            stop(role);
            double records = 3 * count / seconds;
            Bench.say("%d threads: %.0f records/s", threads, records);
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("threads", threads);
            row.put("joins", count);
            row.put("seconds", Bench.rounded(seconds, 1));
            row.put("joinsPerSecond", Math.round(count / seconds));
            row.put("recordsPerSecond", Math.round(records));
            return row;
        }
    }

    private static Map<String, Object> restore(Path folder, int open) throws Exception {
        try (BrokerUnderTest broker = BrokerUnderTest.embedded();
                TestTopics topics = topics(broker)) {
            open(topics, folder.resolve("first"), open);
            long bytes = size(folder.resolve("first"));
            Streams second = role(topics, folder.resolve("second"), 2, new Counts());
            long begun = System.nanoTime();
            second.start();
            await("readiness", () -> second.state() == RoleState.RUNNING);
            double seconds = (System.nanoTime() - begun) / 1e9;
            stop(second);
            Bench.say("%d requests restored in %.1f s", open, seconds);
            Map<String, Object> measured = new LinkedHashMap<>();
            measured.put("openRequests", open);
            measured.put("restoreSeconds", Bench.rounded(seconds, 1));
            measured.put("stateMegabytes", Math.round(bytes / 1e6));
            return measured;
        }
    }

    /** Lets the role take the first {@code count} requests and their predictions into its state; hardly any has a label. */
    private static void open(TestTopics topics, Path folder, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            ask(topics, i);
        }
        topics.flush();
        Counts counts = new Counts();
        Streams role = role(topics, folder, 2, counts);
        role.start();
        await("readiness", () -> role.state() == RoleState.RUNNING);
        // One label for the last request of each domain, behind all requests, tells when these are in the state.
        for (int i = count - DOMAINS; i < count; i++) {
            topics.send(Topic.LABELS, id(i), id(i), label(topics, i));
        }
        topics.flush();
        await("the last requests", () -> counts.joined.get() >= DOMAINS);
        stop(role);
    }

    private static TestTopics topics(BrokerUnderTest broker) {
        TestTopics topics =
                new TestTopics(broker.bootstrapServers(), broker.fresh("bench") + ".", PARTITIONS, MAX_RECORD_BYTES);
        topics.ensure();
        return topics;
    }

    private static void ask(TestTopics topics, int number) {
        String domain = domain(number);
        topics.send(
                Topic.REQUESTS,
                domain,
                domain,
                topics.codec()
                        .encode(
                                EventType.REQUEST,
                                new Request(id(number), new Payload.Text("x".repeat(TEXT)), Instant.EPOCH)));
        VersionRef version =
                new VersionRef(new Lane("bench", domain), 1, Digest.of(new byte[] {1}), Digest.of(new byte[] {2}));
        topics.send(
                Topic.PREDICTIONS,
                domain,
                domain,
                topics.codec()
                        .encode(
                                EventType.PREDICTION,
                                new Prediction(
                                        id(number),
                                        domain,
                                        version,
                                        new ClassLabel("bad"),
                                        Map.of("bad", 0.6f, "good", 0.4f),
                                        null,
                                        false,
                                        Instant.EPOCH)));
    }

    private static byte[] label(TestTopics topics, int number) {
        return topics.codec()
                .encode(
                        EventType.LATE_LABEL,
                        new LateLabel(id(number), domain(number), new ClassLabel("good"), Instant.EPOCH));
    }

    private static String id(int number) {
        return "request-" + number;
    }

    private static String domain(int number) {
        return "domain-" + number % DOMAINS;
    }

    private static Streams role(TestTopics topics, Path folder, int threads, StreamsListener listener) {
        return new Streams(new StreamsSetup(
                "bench",
                new ClassGoal(List.of(), 0),
                false,
                topics.clients(),
                topics.codec(),
                topics.topics().prefix() + "streams",
                "one",
                new StreamsSettings(
                        folder,
                        threads,
                        0,
                        StreamsSettings.USUAL_WAIT,
                        StreamsSettings.USUAL_EARLY,
                        StreamsSettings.USUAL_WINDOW),
                Clock.systemUTC(),
                listener));
    }

    private static void stop(Streams role) throws InterruptedException {
        role.stop();
        role.awaitEnd();
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(String what, Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("waited in vain for " + what);
            }
            Thread.sleep(LOOK.toMillis());
        }
    }

    private static final class Counts implements StreamsListener {
        private final AtomicLong joined = new AtomicLong();

        @Override
        public void happened(JoinEvent event) {
            if (event == JoinEvent.JOINED) {
                joined.incrementAndGet();
            }
        }
    }
}
