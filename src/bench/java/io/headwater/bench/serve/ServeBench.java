package io.headwater.bench.serve;

import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.bench.Sentences;
import io.headwater.bench.Sentences.Sentence;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.ModelInput;
import io.headwater.engine.runtime.OnnxBackbone;
import io.headwater.ops.Tasks;
import io.headwater.task.Task;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;

/**
 * Measures predictions of texts over HTTP against the same base model on the same texts in a plain loop: the time that one caller waits,
 * the answers in a second for many callers, and both while other versions come to serve. The variants take turns in rounds.
 */
final class ServeBench {
    private static final int MANY = 64;
    private static final int BATCH = 32;
    private static final Duration BETWEEN_SWAPS = Duration.ofMillis(50);

    private final int requests;
    private final int rounds;
    private final int swaps;
    private final TextService service;
    private final URI address;
    private final BareModel bare;

    private ServeBench(int requests, int rounds, int swaps, TextService service, BareModel bare) {
        this.requests = requests;
        this.rounds = rounds;
        this.swaps = swaps;
        this.service = service;
        this.address = service.address();
        this.bare = bare;
    }

    /** Prints all results; with {@code --quick}, of fewer requests. */
    public static void main(String[] args) throws Exception {
        boolean quick = Bench.isQuick(args);
        Map<String, String> machine = Machine.facts();
        try (TextService service = TextService.open();
                BareModel bare = new BareModel(service)) {
            ServeBench bench = new ServeBench(quick ? 200 : 600, quick ? 1 : 3, quick ? 10 : 100, service, bare);
            Bench.print("serve", bench.measure(), machine);
        }
    }

    /** The base model in a plain loop on one thread, as an upper bound. */
    private static final class BareModel implements AutoCloseable {
        private final Task task;
        private final OnnxBackbone backbone;

        BareModel(TextService service) {
            this.task = Tasks.of(service.config(), service.base());
            this.backbone = OnnxBackbone.open(service.base());
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
        // A service has run for long when it matters; its code is compiled before.
        Load.run(address, MANY, requests);
        bare.milliseconds(sentences);
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
                service.swap();
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

    private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
        return Bench.rounded(
                Bench.median(rounds.stream().mapToDouble(value).boxed().toList()), 2);
    }
}
