package io.headwater.bench.stream;

import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.bench.Sentences;
import io.headwater.bench.Sentences.Sentence;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.config.CheckpointConfig;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import io.headwater.kafka.Topic;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.predictor.Predictor;
import io.headwater.predictor.PredictorListener;
import io.headwater.trainer.Trainer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Measures the latency from the append of a label to the first prediction by a version trained on it, with 20 labelled
 * samples and 50 requests per second; trainer, predictor and broker run in one process with the default checkpoint
 * settings.
 */
final class LatencyBench {
    private static final int SAMPLES_A_SECOND = 20;
    private static final int REQUESTS_A_SECOND = 50;
    /** Number of samples before the stream, so that it starts with a trained head, as in a running service. */
    private static final int WARM_UP = 1200;

    private final int seconds;
    private final LatencyWatch watch = new LatencyWatch();
    private final List<Sentence> sentences;

    private LatencyBench(int seconds) {
        this.seconds = seconds;
        this.sentences = Sentences.of(WARM_UP + seconds * (SAMPLES_A_SECOND + REQUESTS_A_SECOND));
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> machine = Machine.facts();
        Bench.print("latency", new LatencyBench(Bench.isQuick(args) ? 20 : 120).measure(), machine);
    }

    private Map<String, Object> measure() throws Exception {
        try (BenchInstallation installation = new BenchInstallation();
                AdaptationRuntime runtime =
                        installation.runtime(Bench.adaptation("latency", CheckpointConfig.DEFAULT), 1)) {
            installation.fill(sentences.subList(0, WARM_UP));
            Trainer trainer = runtime.trainer(watch);
            Predictor predictor = runtime.predictor(PredictorListener.NONE);
            trainer.start();
            predictor.start();
            watch.awaitLearned(WARM_UP);
            Thread reading = started(() -> watch.readPredictions(runtime));
            stream(runtime);
            TimeUnit.SECONDS.sleep(3);
            trainer.stop();
            predictor.stop();
            trainer.awaitEnd();
            predictor.awaitEnd();
            watch.stop();
            reading.join();
            return report();
        }
    }

    private Map<String, Object> report() {
        List<Double> learned = watch.untilPredicted();
        List<Double> published = watch.untilPublished();
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("seconds", seconds);
        report.put("samplesPerSecond", SAMPLES_A_SECOND);
        report.put("requestsPerSecond", REQUESTS_A_SECOND);
        report.put("samples", watch.appended());
        report.put("samplesSeenInAPrediction", learned.size());
        report.put("predictions", watch.predictions());
        report.put("versions", watch.versions());
        report.put("promotions", watch.promotions());
        report.put("medianSeconds", Bench.rounded(Bench.median(learned), 3));
        report.put("p90Seconds", Bench.rounded(Bench.quantile(learned, 0.9), 3));
        report.put("medianSecondsToPublished", Bench.rounded(Bench.median(published), 3));
        report.put("p90SecondsToPublished", Bench.rounded(Bench.quantile(published, 0.9), 3));
        return report;
    }

    /** Sends on a fixed schedule; a late send does not delay the following ones. */
    private void stream(AdaptationRuntime runtime) throws InterruptedException {
        int perSecond = SAMPLES_A_SECOND + REQUESTS_A_SECOND;
        long start = System.nanoTime();
        try (KafkaProducer<byte[], byte[]> producer = runtime.clients().producer()) {
            int samples = 0;
            for (int i = 0; i < seconds * perSecond; i++) {
                TimeUnit.NANOSECONDS.sleep(start + i * TimeUnit.SECONDS.toNanos(1) / perSecond - System.nanoTime());
                Sentence sentence = sentences.get(WARM_UP + i);
                if (samples * perSecond <= i * SAMPLES_A_SECOND) {
                    samples++;
                    sample(producer, runtime, "stream-" + i, sentence);
                } else {
                    Request request = new Request("request-" + i, new Payload.Text(sentence.text()), Instant.now());
                    send(
                            producer,
                            runtime,
                            Topic.REQUESTS,
                            runtime.codec().encode(EventType.REQUEST, request),
                            (metadata, error) -> {});
                }
            }
        }
    }

    private void sample(
            KafkaProducer<byte[], byte[]> producer, AdaptationRuntime runtime, String id, Sentence sentence) {
        Codec codec = runtime.codec();
        byte[] value = codec.encode(
                EventType.SAMPLE,
                new Sample(
                        id, new Payload.Text(sentence.text()), new Label.ClassLabel(sentence.label()), Instant.now()));
        // Measured from before the send, so that the time in the broker is included.
        long sent = System.nanoTime();
        send(producer, runtime, Topic.SAMPLES, value, (metadata, error) -> {
            if (error == null) {
                watch.appended(metadata.offset(), sent);
            }
        });
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer,
            AdaptationRuntime runtime,
            Topic topic,
            byte[] value,
            Callback callback) {
        byte[] key = BenchInstallation.DOMAIN.getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(runtime.clients().topics().name(topic), 0, key, value), callback);
    }

    private static Thread started(Runnable work) {
        Thread thread = new Thread(work);
        thread.start();
        return thread;
    }
}
