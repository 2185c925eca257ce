package io.headwater.bench.featurizer;

import io.headwater.bench.Bench;
import io.headwater.bench.Folders;
import io.headwater.bench.Jvm;
import io.headwater.bench.Machine;
import io.headwater.bench.Sentences;
import io.headwater.bench.Sentences.Sentence;
import io.headwater.bench.TrainingRun;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.CheckpointConfig;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.domain.Sample;
import io.headwater.engine.cache.FeatureFiles;
import io.headwater.featurizer.FeaturizerListener;
import io.headwater.featurizer.FeaturizerRole;
import io.headwater.intake.Intake;
import io.headwater.intake.ahead.AheadListener;
import io.headwater.intake.ahead.AheadSettings;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.online.OnlineSettings;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.RuntimeSettings;
import io.headwater.streams.StreamsSettings;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.TestTopics;
import io.headwater.trainer.TrainerSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;

/**
 * Measures how many samples a trainer learns in a second whose features it computes itself, on one thread or two, or which one
 * or two featurizers compute in processes of their own, with one thread each. Broker and trainer share a process, and all share the
 * processors. Featurizers are warm before the samples are sent, and time is that from the first one to the last commit. The variants
 * are interleaved in rounds.
 */
final class FeaturizerBench {
    private static final int PARTITIONS = 2;
    private static final int MAX_RECORD_BYTES = 1 << 20;
    private static final long CACHE_BYTES = 64L << 20;
    private static final String NAME = "bench";

    /** Samples on each partition before those that are measured. */
    private static final int WARM = 16;

    private static final Duration LOOK = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final List<Sentence> sentences;
    private final int rounds;
    private final Path folder;
    private final BrokerUnderTest broker;

    private FeaturizerBench(int samples, int rounds, Path folder, BrokerUnderTest broker) {
        this.sentences = Sentences.of(samples + PARTITIONS * WARM);
        this.rounds = rounds;
        this.folder = folder;
        this.broker = broker;
    }

    /** A way to compute features: by threads of the trainer, or by processes. */
    private enum Variant {
        FUSED_ONE_THREAD(1, 0),
        FUSED_TWO_THREADS(2, 0),
        ONE_FEATURIZER(1, 1),
        TWO_FEATURIZERS(1, 2);

        private final int threads;
        private final int processes;

        Variant(int threads, int processes) {
            this.threads = threads;
            this.processes = processes;
        }
    }

    /** Prints all results; with {@code --quick}, of fewer samples. With other arguments it is a featurizer. */
    public static void main(String[] args) throws Exception {
        if (args.length == 4) {
            featurize(args[0], args[1], args[2], Path.of(args[3]));
            return;
        }
        boolean quick = Bench.isQuick(args);
        Map<String, String> machine = Machine.facts();
        Path folder = Files.createTempDirectory("headwater-featurizer");
        try (BrokerUnderTest broker = BrokerUnderTest.embedded()) {
            Map<String, Object> measured =
                    new FeaturizerBench(quick ? 480 : 2400, quick ? 1 : 5, folder, broker).measure();
            Bench.print("featurizer", measured, machine);
        } finally {
            Folders.delete(folder);
        }
    }

    private Map<String, Object> measure() throws Exception {
        Map<Variant, List<Double>> speeds = new LinkedHashMap<>();
        Map<Variant, Integer> local = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Variant variant : Variant.values()) {
                Aside aside = new Aside();
                double speed = once(variant, aside);
                Bench.say("round=%d %s samples/s=%.1f computed-locally=%d", round, variant, speed, aside.missing.get());
                speeds.computeIfAbsent(variant, key -> new ArrayList<>()).add(speed);
                local.merge(variant, aside.missing.get(), Integer::sum);
            }
        }
        double fused = Bench.median(speeds.getOrDefault(Variant.FUSED_ONE_THREAD, List.of()));
        List<Map<String, Object>> rows = new ArrayList<>();
        speeds.forEach((variant, all) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("variant", variant.name());
            row.put("samplesPerSecond", Bench.rounded(Bench.median(all), 1));
            row.put("ratio", Bench.rounded(Bench.median(all) / fused, 2));
            row.put("computedByTrainer", local.getOrDefault(variant, 0));
            rows.add(row);
        });
        Map<String, Object> measured = new LinkedHashMap<>();
        measured.put("samples", sentences.size() - PARTITIONS * WARM);
        measured.put("rounds", rounds);
        measured.put("rows", rows);
        return measured;
    }

    /** Counts what the trainer computes itself. */
    private static final class Aside implements AheadListener {
        private final AtomicInteger missing = new AtomicInteger();

        @Override
        public void missing(int payloads, Missing why) {
            missing.addAndGet(payloads);
        }
    }

    /** Returns the samples for each second of one run. */
    private double once(Variant variant, Aside aside) throws Exception {
        String prefix = broker.fresh("bench") + ".";
        Path store = folder.resolve(prefix);
        AheadSettings ahead = new AheadSettings(variant.processes > 0, Duration.ofSeconds(10), 64 << 20);
        RuntimeSettings settings =
                settings(broker.bootstrapServers(), prefix, "trainer", store, variant.threads, ahead);
        List<Process> featurizers = new ArrayList<>();
        try (TestTopics topics = new TestTopics(
                        broker.bootstrapServers(),
                        prefix,
                        PARTITIONS,
                        settings.topics().maxRecordBytes());
                AdaptationRuntime runtime = AdaptationRuntime.open(config(), settings)) {
            topics.ensure();
            for (int i = 0; i < variant.processes; i++) {
                featurizers.add(start(broker.bootstrapServers(), prefix, "featurizer-" + i, store));
            }
            awaitMembers(topics, variant.processes);
            send(topics, 0, PARTITIONS * WARM);
            TrainingRun warm = new TrainingRun();
            warm.toEnd(runtime.trainer(warm, aside), PARTITIONS * WARM);
            long begun = System.nanoTime();
            send(topics, PARTITIONS * WARM, sentences.size());
            TrainingRun run = new TrainingRun();
            run.toEnd(runtime.trainer(run, aside), sentences.size() - PARTITIONS * WARM);
            return (sentences.size() - PARTITIONS * WARM) / ((System.nanoTime() - begun) / 1e9);
        } finally {
            for (Process one : featurizers) {
                one.getOutputStream().close();
                one.waitFor();
            }
        }
    }

    /** Sends sentences in turn to a domain on each partition. */
    private void send(TestTopics topics, int from, int to) {
        for (int i = from; i < to; i++) {
            Sentence sentence = sentences.get(i);
            String domain = topics.domain(i % PARTITIONS, 0);
            topics.send(
                    Topic.SAMPLES,
                    domain,
                    domain,
                    topics.codec()
                            .encode(
                                    EventType.SAMPLE,
                                    new Sample(
                                            "sample-" + i,
                                            new Payload.Text(sentence.text()),
                                            new Label.ClassLabel(sentence.label()),
                                            Instant.EPOCH)));
        }
        topics.flush();
    }

    /** Waits until each featurizer has partitions. */
    private static void awaitMembers(TestTopics topics, int count) throws Exception {
        String group = topics.topics().prefix() + "headwater-featurizer-" + NAME;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Admin admin = topics.clients().admin()) {
            while (count > 0 && members(admin, group) < count) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("waited in vain for " + count + " members of " + group);
                }
                Thread.sleep(LOOK.toMillis());
            }
        }
    }

    private static long members(Admin admin, String group) throws Exception {
        try {
            return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                    .flatMap(description -> description.members().stream())
                    .filter(member -> !member.assignment().topicPartitions().isEmpty())
                    .count();
        } catch (ExecutionException e) {
            // There is no such group yet.
            return 0;
        }
    }

    private static AdaptationConfig config() {
        return Bench.adaptation(NAME, CheckpointConfig.DEFAULT);
    }

    private static Process start(String bootstrapServers, String prefix, String instance, Path store)
            throws IOException {
        List<String> command = Jvm.command(List.of());
        command.addAll(List.of(FeaturizerBench.class.getName(), bootstrapServers, prefix, instance, store.toString()));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Runs a featurizer until the standard input ends. */
    private static void featurize(String bootstrapServers, String prefix, String instance, Path store)
            throws Exception {
        RuntimeSettings settings = settings(bootstrapServers, prefix, instance, store, 1, AheadSettings.OFF);
        try (AdaptationRuntime runtime = AdaptationRuntime.open(config(), settings)) {
            FeaturizerRole role = runtime.featurizer(FeaturizerListener.NONE);
            role.start();
            while (System.in.read() >= 0) {
                // The end is all that it tells.
            }
            role.stop();
            role.awaitEnd();
        }
        System.exit(0);
    }

    private static RuntimeSettings settings(
            String bootstrapServers, String prefix, String instance, Path store, int threads, AheadSettings ahead) {
        return new RuntimeSettings(
                KafkaSettings.of(bootstrapServers),
                new Topics(prefix, PARTITIONS, (short) 1, 1, MAX_RECORD_BYTES),
                store,
                RuntimeSettings.notesIn(store),
                "headwater",
                instance,
                threads,
                1,
                CACHE_BYTES,
                FeatureFiles.NONE,
                Optional.empty(),
                Optional.empty(),
                Intake.USUAL_PATIENCE,
                false,
                TrainerSetup.halfOfHeap(),
                StreamsSettings.in(store.resolve("streams")),
                ahead,
                OnlineSettings.USUAL);
    }
}
