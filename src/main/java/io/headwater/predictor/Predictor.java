package io.headwater.predictor;

import io.headwater.codec.EventType;
import io.headwater.codec.RegistryException;
import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import io.headwater.kafka.Clients;
import io.headwater.kafka.DeadLetters;
import io.headwater.kafka.FairPoll;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.Offsets;
import io.headwater.kafka.ServingTable;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.role.RoleControl;
import io.headwater.role.ThreadRole;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * Answers requests in micro-batches: the records of one poll are answered together and committed with their offsets in one
 * transaction, so that every request has exactly one answer or one dead letter, in the order of its partition. While a version
 * that serves cannot be loaded, its requests wait on the topic.
 */
public final class Predictor extends ThreadRole {
    private static final Logger LOG = Logger.getLogger(Predictor.class);
    private static final int MAX_BATCH = 64;
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration START_POLL = Duration.ofMillis(200);
    private static final Duration RECOVERY_PAUSE = Duration.ofSeconds(1);

    private final PredictorSetup setup;
    private final Topics topics;
    private final ServedHeads heads;
    private final Answerer answerer;

    /** The next request of each partition that waits for its version. */
    private final Map<TopicPartition, ConsumerRecord<byte[], byte[]>> waiting = new HashMap<>();

    private boolean mustRewind;

    /** A predictor that does nothing until it is started. When it is stopped, it ends after the current batch. */
    public Predictor(PredictorSetup setup) {
        super("predictor", setup.group(), setup.instance());
        this.setup = setup;
        this.topics = setup.clients().topics();
        this.heads = new ServedHeads(setup);
        this.answerer = new Answerer(
                topics, setup.codec(), setup.featurizer(), setup.goal(), setup.config(), heads, setup.clock());
    }

    @Override
    protected void work(RoleControl control) throws InterruptedException {
        Clients clients = setup.clients();
        LaneEvents events = new LaneEvents(setup.codec(), setup.listener()::foreign);
        try (ServingTable table = new ServingTable(clients, events, heads);
                KafkaConsumer<byte[], byte[]> consumer = clients.groupConsumer(setup.group(), MAX_BATCH)) {
            if (caughtUp(control, table)) {
                consumer.subscribe(List.of(topics.name(Topic.REQUESTS)));
                answerAll(control, consumer, table);
            }
        } finally {
            heads.close();
        }
    }

    /** Waits until the heads that serve are loaded or wait for their artifacts; returns false when the role is stopped before. */
    private static boolean caughtUp(RoleControl control, ServingTable table) throws InterruptedException {
        control.waitFor("the serving topic");
        while (!control.isStopping()) {
            if (table.awaitCaughtUp(START_POLL)) {
                return true;
            }
            table.fault().ifPresent(fault -> control.waitFor("the serving topic: " + fault));
        }
        return false;
    }

    private void answerAll(RoleControl control, KafkaConsumer<byte[], byte[]> consumer, ServingTable table)
            throws InterruptedException {
        while (!control.isStopping()) {
            try {
                answerUntilFailure(control, consumer, table);
            } catch (KafkaException | RegistryException e) {
                LOG.warnf(e, "predictor-recovers instance=%s", setup.instance());
                control.recovering(e);
                setup.listener().recovering(e);
                Thread.sleep(RECOVERY_PAUSE.toMillis());
                mustRewind = true;
            }
        }
    }

    private void answerUntilFailure(RoleControl control, KafkaConsumer<byte[], byte[]> consumer, ServingTable table) {
        KafkaProducer<byte[], byte[]> producer =
                setup.clients().transactionalProducer(setup.group() + "-" + setup.instance());
        FairPoll poll = new FairPoll(consumer, MAX_BATCH);
        try {
            while (!control.isStopping()) {
                table.requireAlive();
                heads.swap();
                report(control);
                turn(poll, consumer, producer);
            }
        } finally {
            Clients.close(producer);
        }
    }

    private void report(RoleControl control) {
        List<String> waiting = heads.waiting();
        if (waiting.isEmpty()) {
            control.running();
        } else {
            control.waiting(String.join("; ", waiting));
        }
    }

    private void turn(FairPoll poll, KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer) {
        if (mustRewind) {
            Offsets.rewind(consumer);
            waiting.clear();
            mustRewind = false;
        }
        waiting.values().removeIf(request -> !answerer.mustWait(request));
        ConsumerRecords<byte[], byte[]> polled = poll.poll(POLL, partition -> !waiting.containsKey(partition));
        heads.swap();
        List<ConsumerRecord<byte[], byte[]>> records = answerable(consumer, polled);
        if (!records.isEmpty()) {
            answer(records, consumer, producer);
        }
    }

    /**
     * Returns the requests that can be answered now. A request whose version cannot be loaded waits, and so do those behind it on
     * its partition: the partition is not fetched from there on, so that its position is kept and memory holds no more than this
     * request.
     */
    private List<ConsumerRecord<byte[], byte[]>> answerable(
            KafkaConsumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> polled) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (TopicPartition partition : polled.partitions()) {
            for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
                if (answerer.mustWait(record)) {
                    consumer.seek(partition, record.offset());
                    waiting.put(partition, record);
                    break;
                }
                records.add(record);
            }
        }
        return records;
    }

    private void answer(
            List<ConsumerRecord<byte[], byte[]>> records,
            KafkaConsumer<byte[], byte[]> consumer,
            KafkaProducer<byte[], byte[]> producer) {
        List<Optional<Outcome<Prediction>>> answers = answerer.answer(records);
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        int answered = 0;
        for (int i = 0; i < records.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = records.get(i);
            Outcome<Prediction> answer = answers.get(i).orElse(null);
            if (answer instanceof Outcome.Ok<Prediction> ok) {
                producer.send(prediction(record, ok.value()));
                answered++;
            } else if (answer instanceof Outcome.Rejected<Prediction> rejected) {
                setup.listener().rejected(rejected.rejection());
                producer.send(DeadLetters.of(
                        record, rejected.rejection(), setup.config().name(), topics));
            }
            offsets.put(
                    new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
        setup.listener().answered(answered);
    }

    private ProducerRecord<byte[], byte[]> prediction(ConsumerRecord<byte[], byte[]> request, Prediction prediction) {
        return new ProducerRecord<>(
                topics.name(Topic.PREDICTIONS),
                request.partition(),
                prediction.domain().getBytes(StandardCharsets.UTF_8),
                setup.codec().encode(EventType.PREDICTION, prediction));
    }
}
