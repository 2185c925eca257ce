package io.headwater.predictor;

import io.headwater.codec.EventType;
import io.headwater.codec.RegistryException;
import io.headwater.domain.Prediction;
import io.headwater.intake.Pipeline;
import io.headwater.intake.RecordIntake;
import io.headwater.intake.UnpreparedException;
import io.headwater.kafka.Clients;
import io.headwater.kafka.DeadLetters;
import io.headwater.kafka.FairPoll;
import io.headwater.kafka.Offsets;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.ServingTable;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.predictor.Reply.Postponed;
import io.headwater.predictor.Reply.Predicted;
import io.headwater.predictor.Reply.Refused;
import io.headwater.role.RecoveryPace;
import io.headwater.role.RoleControl;
import io.headwater.role.RoleState;
import io.headwater.serving.ServedHeads;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * One run of a predictor, from subscribing to leaving the group: polls, lets the pipeline answer one batch at a time, commits
 * the answers, and returns to the committed offsets after a failure. Heads are replaced only between two batches.
 */
final class PredictorLoop implements ConsumerRebalanceListener {
    /** Records that are answered together. */
    static final int MAX_BATCH = 64;

    private static final Logger LOG = Logger.getLogger(PredictorLoop.class);
    private static final Duration POLL = Duration.ofMillis(50);

    private final PredictorSetup setup;
    private final RoleControl control;
    private final Topics topics;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Pipeline<Reply> pipeline;
    private final RecordIntake<Reply> intake;
    private final ServingTable table;
    private final ServedHeads heads;
    private final Answerer answerer;
    private final Asks asks;
    private final AnswerTraces traces;
    private final FairPoll poll;

    /** The next request of each partition that waits for its version. */
    private final Map<TopicPartition, Postponed> waiting = new HashMap<>();

    private final Set<TopicPartition> assigned = new HashSet<>();
    private final RecoveryPace pace = new RecoveryPace();
    private boolean mustRewind;
    private boolean leaving;

    PredictorLoop(
            PredictorSetup setup,
            RoleControl control,
            KafkaConsumer<byte[], byte[]> consumer,
            Pipeline<Reply> pipeline,
            RecordIntake<Reply> intake,
            ServingTable table,
            ServedHeads heads,
            Answerer answerer,
            Asks asks) {
        this.setup = setup;
        this.control = control;
        this.topics = setup.clients().topics();
        this.consumer = consumer;
        this.pipeline = pipeline;
        this.intake = intake;
        this.table = table;
        this.heads = heads;
        this.answerer = answerer;
        this.asks = asks;
        this.traces = new AnswerTraces(setup.telemetry());
        this.poll = new FairPoll(consumer, MAX_BATCH);
    }

    void answerAll() throws InterruptedException {
        try {
            consumer.subscribe(List.of(topics.name(Topic.REQUESTS)), this);
            while (!control.isStopping()) {
                try {
                    answerUntilFailure();
                } catch (KafkaException | RegistryException | UncheckedIOException e) {
                    if (pace.isNews(e)) {
                        LOG.warnf(e, "predictor-recovers instance=%s untold=%d", setup.instance(), pace.takeUntold());
                    }
                    control.recovering(e);
                    setup.listener().recovering(e);
                    pace.pause(control);
                    mustRewind = true;
                }
            }
            intake.released(consumer.assignment());
        } finally {
            // Leaving the group revokes all partitions, but the notes of a predictor that fails must stay.
            leaving = true;
        }
    }

    private void answerUntilFailure() throws InterruptedException {
        KafkaProducer<byte[], byte[]> producer =
                setup.clients().transactionalProducer(setup.group() + "-" + setup.instance());
        try {
            while (!control.isStopping()) {
                table.requireAlive();
                turn(producer);
            }
        } finally {
            Clients.close(producer);
        }
    }

    private void turn(KafkaProducer<byte[], byte[]> producer) throws InterruptedException {
        if (mustRewind) {
            rewind();
            mustRewind = false;
        }
        swap();
        report();
        fetch();
        try {
            List<Reply> replies = pipeline.next(POLL);
            if (replies != null) {
                commit(replies, producer);
                control.progressed();
            }
        } catch (UnpreparedException e) {
            intake.suspect(e);
        }
        intake.advance(partition -> !waiting.containsKey(partition));
    }

    /** Replaces heads, unless a thread may be using them. */
    private void swap() {
        if (pipeline.isIdle()) {
            heads.swap();
            waiting.values().removeIf(request -> !answerer.mustWait(request));
            control.progressed();
        }
    }

    private void report() {
        List<String> versions = heads.waiting();
        if (!versions.isEmpty()) {
            control.waiting(String.join("; ", versions));
        } else if (control.state() != RoleState.RUNNING) {
            control.running();
        }
    }

    /** Fetches the next batch when there is none in flight. The consumer is polled in any case, so that it stays in its group. */
    private void fetch() {
        intake.note();
        boolean isIdle = pipeline.isIdle();
        List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
        long bytes = 0;
        Duration wait = isIdle ? POLL : Duration.ZERO;
        int count;
        do {
            ConsumerRecords<byte[], byte[]> polled = poll.poll(wait, partition -> isIdle && isWanted(partition));
            begin();
            for (ConsumerRecord<byte[], byte[]> record : polled) {
                batch.add(record);
                bytes += RecordKeys.sizeOf(record);
                intake.fetched(RecordKeys.partitionOf(record), record.offset() + 1);
            }
            count = polled.count();
            wait = Duration.ZERO;
        } while (count == Clients.POLL_RECORDS && batch.size() < MAX_BATCH && bytes < Pipeline.CHUNK_BYTES);
        if (!batch.isEmpty()) {
            swap();
            pipeline.submit(batch);
        }
    }

    private boolean isWanted(TopicPartition partition) {
        return !waiting.containsKey(partition) && !intake.isCareful(partition);
    }

    /** Takes partitions over that were assigned by the last poll. */
    private void begin() {
        // Without those that were taken away since the last poll; the next one would say so.
        assigned.retainAll(consumer.assignment());
        asks.restored(assigned);
        for (TopicPartition partition : List.copyOf(assigned)) {
            intake.restored(partition);
            assigned.remove(partition);
        }
    }

    private void rewind() {
        Set<TopicPartition> all = consumer.assignment();
        all.forEach(pipeline::drop);
        Offsets.rewind(consumer);
        waiting.clear();
        assigned.addAll(all);
        begin();
    }

    /**
     * Commits replies in one transaction. A request that must wait, and those behind it on its partition, are read again when its
     * version is loaded.
     */
    private void commit(List<Reply> replies, KafkaProducer<byte[], byte[]> producer) {
        List<Reply> due = new ArrayList<>();
        for (Reply reply : replies) {
            TopicPartition partition = RecordKeys.partitionOf(reply.record());
            if (waiting.containsKey(partition)) {
                continue;
            }
            if (reply instanceof Postponed postponed) {
                intake.readAgain(postponed.record());
                waiting.put(partition, postponed);
            } else {
                due.add(reply);
            }
        }
        if (!due.isEmpty()) {
            send(due, producer);
        }
    }

    private void send(List<Reply> replies, KafkaProducer<byte[], byte[]> producer) {
        producer.beginTransaction();
        traces.abandoned();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        int answered = 0;
        for (Reply reply : replies) {
            ConsumerRecord<byte[], byte[]> record = reply.record();
            if (reply instanceof Predicted predicted) {
                Asks.Marked marked = asks.mark(predicted);
                ProducerRecord<byte[], byte[]> answer = prediction(record, marked.prediction());
                traces.begin(record, marked.prediction(), answer);
                producer.send(answer);
                marked.ask().ifPresent(producer::send);
                answered++;
            } else if (reply instanceof Refused refused) {
                setup.listener().rejected(refused.rejection());
                producer.send(DeadLetters.of(
                        record, refused.rejection(), setup.config().name(), topics));
            }
            offsets.put(RecordKeys.partitionOf(record), new OffsetAndMetadata(record.offset() + 1));
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
        pace.succeeded();
        traces.committed();
        setup.listener().answered(answered);
        asks.committed();
    }

    private ProducerRecord<byte[], byte[]> prediction(ConsumerRecord<byte[], byte[]> request, Prediction prediction) {
        return new ProducerRecord<>(
                topics.name(Topic.PREDICTIONS),
                request.partition(),
                prediction.domain().getBytes(StandardCharsets.UTF_8),
                setup.codec().encode(EventType.PREDICTION, prediction));
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        // No record may be fetched before the notes of the partition were read.
        Offsets.pause(consumer, partitions);
        assigned.addAll(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        if (!leaving) {
            partitions.forEach(pipeline::drop);
            waiting.keySet().removeAll(partitions);
            assigned.removeAll(partitions);
            asks.released(partitions);
            intake.released(partitions);
        }
    }
}
