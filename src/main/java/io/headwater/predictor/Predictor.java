package io.headwater.predictor;

import io.headwater.codec.EventType;
import io.headwater.codec.RegistryException;
import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import io.headwater.kafka.Clients;
import io.headwater.kafka.DeadLetters;
import io.headwater.kafka.Offsets;
import io.headwater.kafka.ServingTable;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.role.RoleControl;
import io.headwater.role.ThreadRole;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
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
 * transaction, so that every request has exactly one answer or one dead letter, in the order of its partition.
 */
public final class Predictor extends ThreadRole {
    private static final Logger LOG = Logger.getLogger(Predictor.class);
    private static final int MAX_BATCH = 64;
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration RECOVERY_PAUSE = Duration.ofSeconds(1);

    private final PredictorSetup setup;
    private final Topics topics;
    private final ServedHeads heads;
    private final Answerer answerer;
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
        try (ServingTable table = new ServingTable(clients, setup.codec(), heads::announce);
                KafkaConsumer<byte[], byte[]> consumer = clients.groupConsumer(setup.group(), MAX_BATCH)) {
            control.waitFor("the serving topic");
            table.awaitCaughtUp();
            consumer.subscribe(List.of(topics.name(Topic.REQUESTS)));
            answerAll(control, consumer, table);
        } finally {
            heads.close();
        }
    }

    private void answerAll(RoleControl control, KafkaConsumer<byte[], byte[]> consumer, ServingTable table)
            throws InterruptedException {
        while (!control.isStopping()) {
            try (KafkaProducer<byte[], byte[]> producer = newProducer()) {
                control.running();
                while (!control.isStopping()) {
                    table.requireAlive();
                    turn(consumer, producer);
                }
            } catch (KafkaException | RegistryException e) {
                LOG.warnf(e, "predictor-recovers instance=%s", setup.instance());
                control.recovering(e);
                setup.listener().recovering(e);
                Thread.sleep(RECOVERY_PAUSE.toMillis());
                mustRewind = true;
            }
        }
    }

    private void turn(KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer) {
        if (mustRewind) {
            Offsets.rewind(consumer);
            mustRewind = false;
        }
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
        heads.swap();
        if (polled.isEmpty()) {
            return;
        }
        List<ConsumerRecord<byte[], byte[]>> records =
                StreamSupport.stream(polled.spliterator(), false).toList();
        List<Outcome<Prediction>> answers = answerer.answer(records);
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        int answered = 0;
        for (int i = 0; i < records.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = records.get(i);
            if (answers.get(i) instanceof Outcome.Ok<Prediction> ok) {
                producer.send(prediction(record, ok.value()));
                answered++;
            } else if (answers.get(i) instanceof Outcome.Rejected<Prediction> rejected) {
                setup.listener().rejected(rejected.rejection());
                producer.send(DeadLetters.of(record, rejected.rejection(), topics));
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

    private KafkaProducer<byte[], byte[]> newProducer() {
        KafkaProducer<byte[], byte[]> producer =
                setup.clients().transactionalProducer(setup.group() + "-" + setup.instance());
        producer.initTransactions();
        return producer;
    }
}
