package io.headwater.bench.serve;

import io.headwater.api.ApiServer;
import io.headwater.api.http.ApiLimits;
import io.headwater.bench.Bench;
import io.headwater.bench.Folders;
import io.headwater.bench.Machine;
import io.headwater.bench.Sentences;
import io.headwater.bench.Sentences.Sentence;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.CheckpointConfig;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.ModelInput;
import io.headwater.engine.runtime.OnnxBackbone;
import io.headwater.online.OnlinePredictor;
import io.headwater.online.OnlineSettings;
import io.headwater.ops.Tasks;
import io.headwater.predictor.Letters;
import io.headwater.role.RoleState;
import io.headwater.store.FileArtifactStore;
import io.headwater.task.Task;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;

/**
 * Measures predictions of texts over HTTP against the same base model on the same texts in a plain loop: the time that one caller waits,
 * the answers in a second for many callers, and both while other versions come to serve. Service and broker share a process, callers have
 * one of their own, and all share the processors. The variants take turns in rounds. Version N always answers {@code vN}, so that callers
 * notice an answer of another version than the one that it names.
 */
final class ServeBench {
    private static final String DOMAIN = "shop";
    private static final int MANY = 64;
    private static final int BATCH = 32;
    private static final Duration BETWEEN_SWAPS = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ApiLimits LIMITS = new ApiLimits(1 << 20, 64 << 20, PATIENCE);

    private final int requests;
    private final int rounds;
    private final int swaps;
    private final Installation installation;
    private final URI address;
    private final BareModel bare;
    private long version;

    private ServeBench(int requests, int rounds, int swaps, Installation installation, URI address, BareModel bare) {
        this.requests = requests;
        this.rounds = rounds;
        this.swaps = swaps;
        this.installation = installation;
        this.address = address;
        this.bare = bare;
    }

    /** Prints all results; with {@code --quick}, of fewer requests. */
    public static void main(String[] args) throws Exception {
        boolean quick = Bench.isQuick(args);
        Map<String, String> machine = Machine.facts();
        Path folder = Files.createTempDirectory("headwater-serve");
        AdaptationConfig config =
                Bench.adaptation("bench", CheckpointConfig.DEFAULT).withLabels(List.of());
        BaseModelManifest base = BaseModelFile.builtIn(config.base());
        try (BrokerUnderTest broker = BrokerUnderTest.embedded();
                Installation installation = Installation.of(
                                config, broker, new FileArtifactStore(folder.resolve("store"), 1 << 24))
                        .divided(base)
                        .createTopics();
                BareModel bare = new BareModel(config, base)) {
            OnlinePredictor role = installation.online(OnlineSettings.USUAL);
            role.start();
            try (ApiServer server = new ApiServer(role, LIMITS)) {
                Await.until("the role", PATIENCE, () -> role.state() == RoleState.RUNNING);
                URI address = URI.create(
                        "http://127.0.0.1:%d/api/v1/lanes/bench/%s/predict".formatted(server.port(), DOMAIN));
                ServeBench bench = new ServeBench(
                        quick ? 200 : 2000, quick ? 1 : 5, quick ? 10 : 100, installation, address, bare);
                bench.swap();
                Await.until("a version", PATIENCE, () -> role.serving().containsKey(DOMAIN));
                Bench.print("serve", bench.measure(), machine);
            } finally {
                role.stop();
                role.awaitEnd();
            }
        } finally {
            Folders.delete(folder);
        }
    }

    /** The base model in a plain loop on one thread, as an upper bound. */
    private static final class BareModel implements AutoCloseable {
        private final Task task;
        private final OnnxBackbone backbone;

        BareModel(AdaptationConfig config, BaseModelManifest base) {
            this.task = Tasks.of(config, base);
            this.backbone = OnnxBackbone.open(base);
        }

        private ModelInput prepared(Sentence sentence) {
            return ((Outcome.Ok<ModelInput>) task.prepare(new Payload.Text(sentence.text()))).value();
        }

        /** Returns the milliseconds for each text alone, with its tokenisation. */
        List<Double> milliseconds(List<Sentence> sentences) {
            List<Double> all = new ArrayList<>();
            for (Sentence sentence : sentences) {
                long begun = System.nanoTime();
                backbone.features(List.of(prepared(sentence)));
                all.add((System.nanoTime() - begun) / 1e6);
            }
            return all;
        }

        /** Returns the texts in a second in batches, tokenised before. */
        double perSecond(List<Sentence> sentences) {
            List<ModelInput> inputs = sentences.stream().map(this::prepared).toList();
            long begun = System.nanoTime();
            for (int from = 0; from < inputs.size(); from += BATCH) {
                backbone.features(inputs.subList(from, Math.min(inputs.size(), from + BATCH)));
            }
            return sentences.size() / ((System.nanoTime() - begun) / 1e9);
        }

        @Override
        public void close() {
            task.close();
            backbone.close();
        }
    }

    /** What was measured in one round. */
    private record Round(
            double bareMedian, double bareP99, double barePerSecond, Load.Got one, Load.Got many, Load.Got swapping) {}

    private Map<String, Object> measure() throws Exception {
        List<Sentence> sentences = Sentences.of(requests);
        bare.milliseconds(sentences.subList(0, BATCH));
        List<Round> measured = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            List<Double> alone = bare.milliseconds(sentences);
            Round round = new Round(
                    Bench.median(alone),
                    Bench.quantile(alone, 0.99),
                    bare.perSecond(sentences),
                    Load.run(address, 1, requests),
                    Load.run(address, MANY, 2 * requests),
                    swapping());
            Bench.say("round=%d %s", i, round);
            measured.add(round);
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("requests", requests);
        report.put("rounds", rounds);
        report.put("callers", MANY);
        report.put("swaps", swaps * rounds);
        report.put("bareMedian", median(measured, Round::bareMedian));
        report.put("bareP99", median(measured, Round::bareP99));
        report.put("oneMedian", median(measured, round -> round.one().median()));
        report.put("oneP99", median(measured, round -> round.one().p99()));
        report.put("addedMedian", median(measured, round -> round.one().median() - round.bareMedian()));
        report.put("addedP99", median(measured, round -> round.one().p99() - round.bareP99()));
        report.put("barePerSecond", median(measured, Round::barePerSecond));
        report.put("manyPerSecond", median(measured, round -> round.many().perSecond()));
        report.put("ratio", median(measured, round -> round.many().perSecond() / round.barePerSecond()));
        report.put("manyP99", median(measured, round -> round.many().p99()));
        report.put("swappingP99", median(measured, round -> round.swapping().p99()));
        report.put("failed", measured.stream().mapToInt(ServeBench::failed).sum());
        report.put(
                "mismatched", measured.stream().mapToInt(ServeBench::mismatched).sum());
        return report;
    }

    private static int failed(Round round) {
        return round.one().failed() + round.many().failed() + round.swapping().failed();
    }

    private static int mismatched(Round round) {
        return round.one().mismatched()
                + round.many().mismatched()
                + round.swapping().mismatched();
    }

    /** Asks as many callers do, while versions follow each other. */
    private Load.Got swapping() throws Exception {
        CompletableFuture<Void> swapping = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < swaps; i++) {
                swap();
                try {
                    Thread.sleep(BETWEEN_SWAPS.toMillis());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        });
        Load.Got got = Load.run(address, MANY, 2 * requests);
        swapping.join();
        return got;
    }

    private void swap() {
        version++;
        Letters.serveAs(
                installation,
                DOMAIN,
                version,
                installation
                        .store()
                        .put(Letters.head(installation.servingSetup(), version, bare.backbone.width())
                                .toBytes()));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
        return Bench.rounded(
                Bench.median(rounds.stream().mapToDouble(value).boxed().toList()), 2);
    }
}
