package io.headwater.bench.stream;

import io.headwater.bench.Sentences.Sentence;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.ModelInput;
import io.headwater.engine.runtime.OnnxBackbone;
import io.headwater.ops.Tasks;
import io.headwater.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Runs the same backbone in ONNX Runtime over the same batches in a plain loop, as an upper bound of the throughput.
 */
final class BareLoop implements AutoCloseable {
    /** Number of records that a trainer's worker processes at a time. */
    static final int BATCH = 32;

    private final Task task;
    private final OnnxBackbone backbone;
    private final List<List<Sentence>> texts;
    private final List<List<ModelInput>> tokens;

    BareLoop(AdaptationConfig config, List<Sentence> sentences) {
        BaseModelManifest manifest = BaseModelFile.builtIn(config.base());
        task = Tasks.of(config, manifest);
        backbone = OnnxBackbone.open(manifest);
        texts = new ArrayList<>();
        for (int from = 0; from < sentences.size(); from += BATCH) {
            texts.add(sentences.subList(from, Math.min(from + BATCH, sentences.size())));
        }
        tokens = texts.stream().map(this::tokenised).toList();
    }

    /** Returns the seconds for all batches, tokenized beforehand, with a number of threads. */
    double seconds(int threads) throws Exception {
        return seconds(tokens, batch -> batch, threads);
    }

    /** Returns the seconds for all batches including tokenization, with a number of threads. */
    double secondsWithTokenisation(int threads) throws Exception {
        return seconds(texts, this::tokenised, threads);
    }

    private <T> double seconds(List<T> batches, Function<T, List<ModelInput>> prepare, int threads) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            AtomicInteger next = new AtomicInteger();
            long start = System.nanoTime();
            List<Future<?>> loops = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                loops.add(pool.submit(() -> {
                    for (int i = next.getAndIncrement(); i < batches.size(); i = next.getAndIncrement()) {
                        backbone.features(prepare.apply(batches.get(i)));
                    }
                }));
            }
            for (Future<?> loop : loops) {
                loop.get();
            }
            return (System.nanoTime() - start) / 1e9;
        } finally {
            pool.shutdownNow();
        }
    }

    private List<ModelInput> tokenised(List<Sentence> batch) {
        return batch.stream()
                .map(sentence -> task.prepare(new Payload.Text(sentence.text())))
                .map(outcome -> ((Outcome.Ok<ModelInput>) outcome).value())
                .toList();
    }

    @Override
    public void close() {
        task.close();
        backbone.close();
    }
}
