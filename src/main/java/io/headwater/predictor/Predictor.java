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
import org.jspecify.annotations.Nullable;

/**
 * Answers requests in micro-batches: what one poll brings is answered together and committed with its offsets in one
 * transaction, so that every request has exactly one answer or one dead letter, in the order of its partition.
 */
public final class Predictor implements Runnable {
    private static final Logger LOG = Logger.getLogger(Predictor.class);
    private static final int MAX_BATCH = 64;
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration RECOVERY_PAUSE = Duration.ofSeconds(1);

    private final PredictorSetup setup;
    private final Topics topics;
    private final ServedHeads heads;
    private final Answerer answerer;
    private boolean mustRewind;
    private volatile boolean stopping;
    private volatile boolean running;
    private volatile @Nullable Throwable failure;

    /** A predictor that does nothing until {@link #run}. */
    public Predictor(PredictorSetup setup) {
        this.setup = setup;
        this.topics = setup.clients().topics();
        this.heads = new ServedHeads(setup);
        this.answerer = new Answerer(
                topics, setup.codec(), setup.featurizer(), setup.goal(), setup.config(), heads, setup.clock());
    }

    /** Whether it takes requests. */
    public boolean isRunning() {
        return running;
    }

    /** Why it ended unasked; null when it did not. */
    public @Nullable Throwable failure() {
        return failure;
    }

    /** Asks it to end after the batch at hand. */
    public void stop() {
        stopping = true;
    }

    /** Answers until {@link #stop}. */
    @Override
    public void run() {
        Clients clients = setup.clients();
        try (ServingTable table = new ServingTable(clients, setup.codec(), heads::announce);
                KafkaConsumer<byte[], byte[]> consumer = clients.groupConsumer(setup.group(), MAX_BATCH)) {
            if (!table.awaitCaughtUp(Duration.ofSeconds(60))) {
                throw new KafkaException("the serving topic could not be read in 60 s; check the brokers");
            }
            consumer.subscribe(List.of(topics.name(Topic.REQUESTS)));
            answerAll(consumer, table);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            failure = e;
            LOG.errorf(e, "predictor-failed group=%s instance=%s", setup.group(), setup.instance());
        } finally {
            running = false;
            heads.close();
        }
    }

    private void answerAll(KafkaConsumer<byte[], byte[]> consumer, ServingTable table) throws InterruptedException {
        while (!stopping) {
            try (KafkaProducer<byte[], byte[]> producer = newProducer()) {
                running = true;
                while (!stopping) {
                    table.requireAlive();
                    turn(consumer, producer);
                }
            } catch (KafkaException | RegistryException e) {
                LOG.warnf(e, "predictor-recovers instance=%s", setup.instance());
                running = false;
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
