package io.headwater.featurizer;

import io.headwater.codec.EventTooLargeException;
import io.headwater.codec.EventType;
import io.headwater.codec.RegistryException;
import io.headwater.domain.FeaturizedRecord;
import io.headwater.domain.FeaturizedRecord.PayloadFeatures;
import io.headwater.domain.Lane;
import io.headwater.intake.Pipeline;
import io.headwater.intake.RecordIntake;
import io.headwater.intake.UnpreparedException;
import io.headwater.kafka.Clients;
import io.headwater.kafka.FairPoll;
import io.headwater.kafka.Offsets;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.role.RecoveryPace;
import io.headwater.role.RoleControl;
import io.headwater.role.RoleState;
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
import java.util.TreeSet;
import java.util.stream.Collectors;
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
import org.jspecify.annotations.Nullable;

/**
 * One run of a featurizer, from subscribing to leaving the group: polls, lets the pipeline prepare several groups of records at
 * a time, commits their features in the order of each partition, and returns to the committed offsets after a failure.
 */
final class FeaturizerLoop implements ConsumerRebalanceListener {
    private static final Logger LOG = Logger.getLogger(FeaturizerLoop.class);
    private static final Duration IDLE_POLL = Duration.ofMillis(20);
    private static final Duration BUSY_POLL = Duration.ofMillis(1);

    /** Records of a partition after which the others have their turn. */
    private static final int TURN = 128;

    /** A transaction ends after so many bytes of features. */
    private static final long MOST_BYTES = 16L << 20;

    private final FeaturizerSetup setup;
    private final RoleControl control;
    private final Topics topics;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Pipeline<Featurized> pipeline;
    private final RecordIntake<Featurized> intake;
    private final FairPoll poll;
    private final Set<TopicPartition> assigned = new HashSet<>();
    private final RecoveryPace pace = new RecoveryPace();
    private boolean mustRewind;
    private boolean leaving;

    FeaturizerLoop(
            FeaturizerSetup setup,
            RoleControl control,
            KafkaConsumer<byte[], byte[]> consumer,
            Pipeline<Featurized> pipeline,
            RecordIntake<Featurized> intake) {
        this.setup = setup;
        this.control = control;
        this.topics = setup.clients().topics();
        this.consumer = consumer;
        this.pipeline = pipeline;
        this.intake = intake;
        this.poll = new FairPoll(consumer, TURN);
    }

    void featurize() throws InterruptedException {
        try {
            consumer.subscribe(List.of(topics.name(Topic.SAMPLES), topics.name(Topic.REQUESTS)), this);
            while (!control.isStopping()) {
                try {
                    featurizeUntilFailure();
                } catch (KafkaException | RegistryException | UncheckedIOException e) {
                    if (pace.isNews(e)) {
                        LOG.warnf(e, "featurizer-recovers instance=%s untold=%d", setup.instance(), pace.takeUntold());
                    }
                    control.recovering(e);
                    setup.listener().recovering(e);
                    pace.pause(control);
                    mustRewind = true;
                }
            }
            intake.released(consumer.assignment());
        } finally {
            // Leaving the group revokes all partitions, but the notes of a featurizer that fails must stay.
            leaving = true;
        }
    }

    private void featurizeUntilFailure() throws InterruptedException {
        KafkaProducer<byte[], byte[]> producer =
                setup.clients().transactionalProducer(setup.group() + "-" + setup.instance());
        try {
            while (!control.isStopping()) {
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
        report();
        fetch();
        List<Featurized> ready = new ArrayList<>();
        UnpreparedException fault = take(ready);
        commit(ready, producer);
        if (fault != null) {
            intake.suspect(fault);
        }
        intake.advance(this::isOurs);
        if (pipeline.isEmpty()) {
            control.progressed();
        }
    }

    /** Reports that it is running, or that partitions wait because the other topics do not have them. */
    private void report() {
        Set<Integer> beyond = consumer.assignment().stream()
                .filter(partition -> !isOurs(partition))
                .map(TopicPartition::partition)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!beyond.isEmpty()) {
            control.waiting(
                    "partitions %s of samples or requests, which other topics of the installation do not have: give every topic as many partitions, and set headwater.topics.partitions, which is %d, to their number"
                            .formatted(beyond, topics.partitions()));
        } else if (control.state() != RoleState.RUNNING) {
            control.running();
        }
    }

    private boolean isOurs(TopicPartition partition) {
        return partition.partition() < topics.partitions();
    }

    /** Fetches a few records at a time until there are none or the pipeline is full, so that memory is bounded. */
    private void fetch() {
        Duration wait = pipeline.isEmpty() ? IDLE_POLL : BUSY_POLL;
        int count;
        do {
            intake.note();
            ConsumerRecords<byte[], byte[]> records = poll.poll(wait, this::isWanted);
            begin();
            count = records.count();
            for (TopicPartition partition : records.partitions()) {
                List<ConsumerRecord<byte[], byte[]>> some = records.records(partition);
                pipeline.submit(some);
                intake.fetched(partition, some.get(some.size() - 1).offset() + 1);
            }
            if (count > 0) {
                setup.listener().fetched(count);
            }
            wait = Duration.ZERO;
        } while (count > 0 && !pipeline.isFull());
    }

    private boolean isWanted(TopicPartition partition) {
        return isOurs(partition) && !intake.isCareful(partition) && !pipeline.isFull();
    }

    /** Takes partitions over that were assigned by the last poll. */
    private void begin() {
        // Without those that were taken away since the last poll; the next one would say so.
        assigned.retainAll(consumer.assignment());
        for (TopicPartition partition : List.copyOf(assigned)) {
            intake.restored(partition);
            assigned.remove(partition);
        }
    }

    private void rewind() {
        Set<TopicPartition> all = consumer.assignment();
        all.forEach(pipeline::drop);
        Offsets.rewind(consumer);
        assigned.addAll(all);
        begin();
    }

    /**
     * Adds what is prepared to {@code ready}, which the next transaction commits; waits a moment for it if no more can be fetched.
     *
     * @return why the records after those cannot be prepared; null if they can
     */
    private @Nullable UnpreparedException take(List<Featurized> ready) throws InterruptedException {
        long bytes = 0;
        try {
            List<Featurized> next = pipeline.next(pipeline.isFull() ? IDLE_POLL : Duration.ZERO);
            while (next != null) {
                ready.addAll(next);
                bytes += next.stream()
                        .flatMap(one -> one.features().stream())
                        .mapToLong(features -> (long) Float.BYTES * features.values().length)
                        .sum();
                next = bytes < MOST_BYTES ? pipeline.next(Duration.ZERO) : null;
            }
            return null;
        } catch (UnpreparedException e) {
            return e;
        }
    }

    private void commit(List<Featurized> ready, KafkaProducer<byte[], byte[]> producer) {
        if (ready.isEmpty()) {
            return;
        }
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        int payloads = 0;
        for (Featurized one : ready) {
            byte[] value = value(one);
            producer.send(new ProducerRecord<>(
                    topics.name(Topic.FEATURES), one.record().partition(), key(one.record()), value));
            payloads += one.features().size();
            offsets.put(
                    RecordKeys.partitionOf(one.record()),
                    new OffsetAndMetadata(one.record().offset() + 1));
        }
        setup.listener().featuresSent();
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        setup.listener().positionsSent();
        producer.commitTransaction();
        pace.succeeded();
        control.progressed();
        setup.listener().featurized(ready.size(), payloads);
        setup.listener().behind(lag());
    }

    /** Returns the domain as a key; null if the record has none, so that a key of any size is not repeated. */
    private static byte @Nullable [] key(ConsumerRecord<byte[], byte[]> record) {
        String domain = RecordKeys.text(record.key());
        return Lane.isDomain(domain) ? domain.getBytes(StandardCharsets.UTF_8) : null;
    }

    private byte[] value(Featurized one) {
        try {
            return encoded(one, one.features());
        } catch (EventTooLargeException e) {
            setup.listener().tooLarge();
            return encoded(one, List.of());
        }
    }

    private byte[] encoded(Featurized one, List<PayloadFeatures> features) {
        return setup.codec()
                .encode(
                        EventType.FEATURES,
                        new FeaturizedRecord(
                                setup.adaptation(),
                                setup.identity(),
                                one.record().topic(),
                                one.record().offset(),
                                features));
    }

    /** Returns how many records of the assigned partitions are not fetched yet, as far as that is known. */
    private long lag() {
        return consumer.assignment().stream()
                .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                .sum();
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
            assigned.removeAll(partitions);
            intake.released(partitions);
        }
    }
}
