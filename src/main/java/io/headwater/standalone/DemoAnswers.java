package io.headwater.standalone;

import io.headwater.codec.EventType;
import io.headwater.domain.Prediction;
import io.headwater.kafka.Topic;
import io.headwater.ops.AdaptationRuntime;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads the committed answers of the predictor, on a thread of its own. */
final class DemoAnswers implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final AdaptationRuntime runtime;
    private final int partitions;
    private final Consumer<Prediction> received;
    private final Thread thread;
    private volatile boolean stopping;

    private DemoAnswers(AdaptationRuntime runtime, int partitions, Consumer<Prediction> received) {
        this.runtime = runtime;
        this.partitions = partitions;
        this.received = received;
        this.thread = new Thread(this::read, "headwater-demo-answers");
        thread.setDaemon(true);
    }

    /** Begins to read all answers; {@code received} gets them one after another. */
    static DemoAnswers read(AdaptationRuntime runtime, int partitions, Consumer<Prediction> received) {
        DemoAnswers answers = new DemoAnswers(runtime, partitions, received);
        answers.thread.start();
        return answers;
    }

    private void read() {
        try (KafkaConsumer<byte[], byte[]> consumer = runtime.clients().reader()) {
            List<TopicPartition> all = IntStream.range(0, partitions)
                    .mapToObj(p -> runtime.clients().topics().partition(Topic.PREDICTIONS, p))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            while (!stopping) {
                consumer.poll(POLL).forEach(record -> receive(record.value()));
            }
        }
    }

    private void receive(byte[] value) {
        Prediction prediction = runtime.codec().decodeOrThrow(EventType.PREDICTION, value);
        if (!prediction.shadow()) {
            received.accept(prediction);
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join();
    }
}
