package io.headwater.intake.ahead;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.codec.RegistryException;
import io.headwater.domain.Digest;
import io.headwater.domain.FeaturizedRecord;
import io.headwater.domain.FeaturizedRecord.PayloadFeatures;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.intake.AheadFeatures;
import io.headwater.intake.ahead.AheadListener.Missing;
import io.headwater.kafka.Clients;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.role.RecoveryPace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Follows the partitions of the features topic that belong to the partitions which a role reads. Features that arrive ahead of
 * their record are kept until the role prepares it; those of requests go to the feature cache of a trainer, where a sample finds
 * those of its request. When a featurizer does not come to a record in time, the role computes its features
 * itself, and does not wait again on this partition until a featurizer has caught up with it.
 */
public final class FollowedFeatures implements AheadFeatures {
    private static final Logger LOG = Logger.getLogger(FollowedFeatures.class);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final long PAUSE_MS = 1000;
    private static final long CLOSE_MS = 5000;

    private final Clients clients;
    private final Topics topics;
    private final LaneEvents events;
    private final String adaptation;
    private final Digest identity;
    private final String topic;
    private final FeatureCache cache;
    private final AheadSettings settings;
    private final AheadListener listener;
    private final RecoveryPace pace = new RecoveryPace();

    /** Everything below is guarded by this. */
    private final Object lock = new Object();

    private final Map<Integer, FollowedPartition> partitions = new TreeMap<>();
    private @Nullable Thread thread;
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private @Nullable Digest told;
    private boolean closed;

    /**
     * Creates an instance that follows nothing yet.
     *
     * @param adaptation name of the adaptation
     * @param identity digest of everything on which the bits of features depend in this process
     * @param topic the topic that the role reads
     * @param cache cache of the role's featurizer
     */
    public FollowedFeatures(
            Clients clients,
            Codec codec,
            String adaptation,
            Digest identity,
            Topic topic,
            FeatureCache cache,
            AheadSettings settings,
            AheadListener listener) {
        this.clients = clients;
        this.topics = clients.topics();
        this.events = new LaneEvents(codec, listener::foreign);
        this.adaptation = adaptation;
        this.identity = identity;
        this.topic = topics.name(topic);
        this.cache = cache;
        this.settings = settings;
        this.listener = listener;
    }

    @Override
    public void begins(TopicPartition partition) {
        if (!partition.topic().equals(topic)) {
            return;
        }
        synchronized (lock) {
            partitions.put(partition.partition(), new FollowedPartition());
            if (thread == null && !closed) {
                thread = new Thread(this::follow, "headwater-features-" + topic);
                thread.setDaemon(true);
                thread.start();
            }
            lock.notifyAll();
        }
    }

    @Override
    public void ends(TopicPartition partition) {
        if (partition.topic().equals(topic)) {
            synchronized (lock) {
                partitions.remove(partition.partition());
                lock.notifyAll();
            }
        }
    }

    @Override
    public Batch of(List<ConsumerRecord<byte[], byte[]>> records) {
        synchronized (lock) {
            List<Place> places = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                FollowedPartition partition = partitions.get(record.partition());
                if (partition != null && record.topic().equals(topic)) {
                    partition.open(record.offset(), record.timestamp());
                    places.add(new Place(record.partition(), partition, record.offset()));
                }
            }
            return new OpenBatch(places);
        }
    }

    @Override
    public void close() {
        Thread running;
        synchronized (lock) {
            closed = true;
            if (consumer != null) {
                consumer.wakeup();
            }
            lock.notifyAll();
            running = thread;
        }
        if (running != null) {
            try {
                running.join(CLOSE_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A record of a batch. */
    private record Place(int number, FollowedPartition partition, long offset) {}

    private final class OpenBatch implements Batch {
        private final List<Place> places;

        OpenBatch(List<Place> places) {
            this.places = places;
        }

        @Override
        public Map<Digest, float[]> features(Set<Digest> payloads) {
            if (places.isEmpty()) {
                return Map.of();
            }
            long begun = System.nanoTime();
            Map<Digest, float[]> found = new HashMap<>();
            Missing why;
            synchronized (lock) {
                places.forEach(place -> place.partition().waits());
                try {
                    await(payloads, found, begun + settings.patience().toNanos());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    places.forEach(place -> place.partition().waitsNoLonger());
                }
                why = why();
            }
            listener.waited(Duration.ofNanos(System.nanoTime() - begun));
            listener.received(found.size());
            if (found.size() < payloads.size()) {
                listener.missing(payloads.size() - found.size(), why);
            }
            return found;
        }

        private void await(Set<Digest> payloads, Map<Digest, float[]> found, long deadline)
                throws InterruptedException {
            while (true) {
                take(payloads, found);
                if (found.size() == payloads.size() || closed || places.stream().noneMatch(this::isComing)) {
                    return;
                }
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    giveUp();
                    return;
                }
                lock.wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
            }
        }

        private boolean isComing(Place place) {
            return partitions.get(place.number()) == place.partition()
                    && place.partition().isComing(place.offset());
        }

        private void take(Set<Digest> payloads, Map<Digest, float[]> found) {
            for (Place place : places) {
                for (PayloadFeatures features : place.partition().of(place.offset())) {
                    if (payloads.contains(features.payload())) {
                        found.put(features.payload(), features.values());
                    }
                }
            }
        }

        private void giveUp() {
            Set<Integer> behind = places.stream()
                    .filter(place -> isComing(place) && place.partition().giveUp())
                    .map(Place::number)
                    .collect(Collectors.toSet());
            if (!behind.isEmpty()) {
                LOG.warnf(
                        "features-are-late adaptation=%s topic=%s partitions=%s seconds=%s; this process computes them itself"
                                + " until a featurizer has caught up",
                        adaptation, topic, behind, settings.patience().toMillis() / 1000.0);
            }
        }

        private Missing why() {
            if (places.stream().anyMatch(place -> place.partition().isOther())) {
                return Missing.OTHER;
            }
            return places.stream().allMatch(place -> place.partition().hasPassed(place.offset()))
                    ? Missing.ABSENT
                    : Missing.LATE;
        }

        @Override
        public void close() {
            List<PayloadFeatures> unused = new ArrayList<>();
            synchronized (lock) {
                places.forEach(place -> unused.addAll(place.partition().close(place.offset())));
            }
            keep(unused);
        }
    }

    /** Keeps features that may be asked for again, such as those of a request that is labelled later. */
    private void keep(List<PayloadFeatures> features) {
        features.forEach(one -> cache.put(one.payload(), one.values()));
    }

    private void follow() {
        while (isOpen()) {
            try (KafkaConsumer<byte[], byte[]> reader = clients.reader()) {
                synchronized (lock) {
                    consumer = reader;
                }
                while (isOpen()) {
                    turn(reader);
                }
            } catch (KafkaException | RegistryException e) {
                recover(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                synchronized (lock) {
                    consumer = null;
                }
            }
        }
    }

    private void recover(RuntimeException fault) {
        if (isOpen() && pace.isNews(fault)) {
            LOG.warnf(
                    fault,
                    "features-not-read adaptation=%s untold=%d; this process computes them itself until they can be read",
                    adaptation,
                    pace.takeUntold());
        }
        synchronized (lock) {
            partitions.values().forEach(FollowedPartition::lost);
            try {
                if (!closed) {
                    lock.wait(PAUSE_MS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                closed = true;
            }
        }
    }

    private boolean isOpen() {
        synchronized (lock) {
            return !closed;
        }
    }

    private void turn(KafkaConsumer<byte[], byte[]> reader) throws InterruptedException {
        Map<TopicPartition, Boolean> wanted = new HashMap<>();
        Map<TopicPartition, Long> seeks = new HashMap<>();
        synchronized (lock) {
            long room = settings.bytes() / Math.max(1, partitions.size());
            partitions.forEach((number, partition) -> {
                if (partition.hasBegun()) {
                    TopicPartition features = topics.partition(Topic.FEATURES, number);
                    wanted.put(features, partition.isWanted(room));
                    Long since = partition.takeSeek();
                    if (since != null) {
                        seeks.put(features, since);
                    }
                }
            });
            if (wanted.isEmpty() && !closed) {
                lock.wait(POLL.toMillis());
                return;
            }
        }
        if (!reader.assignment().equals(wanted.keySet())) {
            reader.assign(wanted.keySet());
        }
        seek(reader, seeks);
        wanted.forEach((partition, isWanted) -> {
            if (isWanted) {
                reader.resume(List.of(partition));
            } else {
                reader.pause(List.of(partition));
            }
        });
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
            events.value(EventType.FEATURES, record)
                    .filter(event -> event.adaptation().equals(adaptation))
                    .ifPresent(event -> arrive(record.partition(), event));
        }
    }

    /** Seeks to the first record at or after a time; the end is asked for first, so that nothing between is missed. */
    private static void seek(KafkaConsumer<byte[], byte[]> reader, Map<TopicPartition, Long> times) {
        if (times.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> ends = reader.endOffsets(times.keySet());
        Map<TopicPartition, OffsetAndTimestamp> first = reader.offsetsForTimes(times);
        times.keySet().forEach(partition -> {
            OffsetAndTimestamp found = first.get(partition);
            reader.seek(partition, found == null ? ends.getOrDefault(partition, 0L) : found.offset());
        });
    }

    private void arrive(int number, FeaturizedRecord record) {
        boolean isOurs = record.computedBy().equals(identity);
        List<PayloadFeatures> unused = List.of();
        synchronized (lock) {
            FollowedPartition partition = partitions.get(number);
            if (record.topic().equals(topic) && partition != null) {
                unused = partition.arrive(record, isOurs);
                lock.notifyAll();
            } else if (isOurs && topic.equals(topics.name(Topic.SAMPLES))) {
                unused = record.features();
            }
            if (!isOurs && !record.computedBy().equals(told)) {
                told = record.computedBy();
                LOG.warnf(
                        "features-not-used adaptation=%s computed-by=%s here=%s; a featurizer with another release, base model,"
                                + " device, number of threads or type of processor computes other bits, so this process"
                                + " computes them itself",
                        adaptation, told.abbreviated(), identity.abbreviated());
            }
        }
        keep(unused);
    }
}
