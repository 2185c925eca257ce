package io.headwater.bench.stream;

import io.headwater.adapt.StepReport;
import io.headwater.codec.EventType;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Prediction;
import io.headwater.kafka.Topic;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.trainer.PartitionCheckpoint;
import io.headwater.trainer.TrainerListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Records when samples were appended, when versions were committed, and when predictions could be read. */
final class LatencyWatch implements TrainerListener {
    private static final Duration POLL = Duration.ofMillis(5);

    private final NavigableMap<Long, Long> appended = new TreeMap<>();
    private final Map<Long, Long> endOfVersion = new ConcurrentHashMap<>();
    private final NavigableMap<Long, Long> published = new TreeMap<>();
    private final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final AtomicInteger learned = new AtomicInteger();
    private final AtomicInteger promotions = new AtomicInteger();
    private volatile boolean stopping;

    /** A prediction by a version and the time at which it could be read. */
    private record Seen(long version, long at) {}

    /** Records that a sample was appended at {@code offset} and sent at {@code sent} (nanoTime). */
    synchronized void appended(long offset, long sent) {
        appended.put(offset, sent);
    }

    @Override
    public void stepped(Lane lane, StepReport report) {
        learned.addAndGet(report.scores().size());
    }

    @Override
    public synchronized void committed(PartitionCheckpoint checkpoint) {
        promotions.addAndGet(checkpoint.servings().size());
        for (ModelVersion version : checkpoint.versions()) {
            endOfVersion.put(version.ref().number(), version.lineage().toOffset());
            published.put(version.lineage().toOffset(), System.nanoTime());
        }
    }

    void awaitLearned(int samples) throws InterruptedException {
        while (learned.get() < samples) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    void readPredictions(AdaptationRuntime runtime) {
        try (KafkaConsumer<byte[], byte[]> consumer = runtime.clients().reader()) {
            TopicPartition partition = runtime.clients().topics().partition(Topic.PREDICTIONS, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (!stopping) {
                consumer.poll(POLL).forEach(record -> {
                    Prediction prediction = runtime.codec().decodeOrThrow(EventType.PREDICTION, record.value());
                    if (!prediction.shadow()) {
                        seen.add(new Seen(prediction.version().number(), System.nanoTime()));
                    }
                });
            }
        }
    }

    void stop() {
        stopping = true;
    }

    /**
     * Returns, for each sample that has one so far, the seconds from its send to the first prediction by a version
     * that includes it.
     */
    synchronized List<Double> untilPredicted() {
        NavigableMap<Long, Long> first = new TreeMap<>();
        for (Seen one : seen) {
            long end = endOfVersion.getOrDefault(one.version(), 0L);
            if (first.isEmpty() || end > first.lastKey()) {
                first.put(end, one.at());
            }
        }
        return after(first);
    }

    /** Returns the seconds from the send of each sample to the commit of the version trained on it. */
    synchronized List<Double> untilPublished() {
        return after(published);
    }

    /**
     * Returns for each sample the seconds from its send to the first entry whose end offset is beyond the sample's
     * offset.
     */
    private List<Double> after(NavigableMap<Long, Long> ends) {
        List<Double> seconds = new ArrayList<>();
        appended.forEach((offset, sent) -> {
            Map.Entry<Long, Long> entry = ends.higherEntry(offset);
            if (entry != null) {
                seconds.add((entry.getValue() - sent) / 1e9);
            }
        });
        return seconds;
    }

    synchronized int appended() {
        return appended.size();
    }

    int predictions() {
        return seen.size();
    }

    int versions() {
        return endOfVersion.size();
    }

    int promotions() {
        return promotions.get();
    }
}
