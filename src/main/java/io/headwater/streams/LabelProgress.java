package io.headwater.streams;

import static org.apache.kafka.common.IsolationLevel.READ_COMMITTED;

import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The time up to which all labels have been moved to the partitions of their domains, by all processes of the group together. The
 * brokers are asked where the partitions of the labels end, and then what the group has committed, until it has committed all of
 * that. While a backlog of labels is read, the time stands still, so that no request is given up whose label is in the backlog.
 * What an aborted transaction leaves at the end of a partition is passed only with the next label of the partition.
 *
 * <p>{@link #look()} never waits and is called by one thread; the time may be asked for by others.
 */
final class LabelProgress implements LongSupplier, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LabelProgress.class);

    /** Nothing is known of the labels. */
    static final long UNKNOWN = -1;

    /** Time between two questions. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    private final Admin admin;
    private final String group;
    private final List<TopicPartition> partitions;
    private final InstantSource clock;
    private final Duration pause;
    private CompletableFuture<Void> asked = CompletableFuture.completedFuture(null);
    private long again = System.nanoTime();
    private boolean isTold;
    private volatile @Nullable Ends ends;
    private volatile long time = UNKNOWN;

    /**
     * Where partitions ended.
     *
     * @param at time before the brokers were asked, in milliseconds since the epoch
     * @param offsets after the last label of each partition that has any
     */
    private record Ends(long at, Map<TopicPartition, Long> offsets) {}

    /**
     * Creates an instance.
     *
     * @param admin is closed with it
     * @param group of the application
     * @param pause between two questions
     */
    LabelProgress(Admin admin, Topics topics, String group, InstantSource clock, Duration pause) {
        this.admin = admin;
        this.group = group;
        this.partitions = IntStream.range(0, topics.partitions())
                .mapToObj(partition -> new TopicPartition(topics.name(Topic.LABELS), partition))
                .toList();
        this.clock = clock;
        this.pause = pause;
    }

    /** Returns the time, in milliseconds since the epoch, or {@link #UNKNOWN}. */
    @Override
    public long getAsLong() {
        return time;
    }

    /**
     * Asks the brokers when they have answered and some time has passed. When they fail, that is logged once, and they are asked again.
     *
     * @return whether they were asked
     */
    boolean look() {
        if (!asked.isDone() || System.nanoTime() - again < 0) {
            return false;
        }
        tell();
        again = System.nanoTime() + pause.toNanos();
        Ends reached = ends;
        asked = reached == null ? askForEnds(clock.millis()) : askForCommits(reached);
        return true;
    }

    /** Says why no request expires any more, if the brokers did not answer. */
    private void tell() {
        try {
            asked.join();
            isTold = false;
        } catch (CompletionException e) {
            if (!isTold) {
                LOG.warnf(
                        e,
                        "labels-not-followed group=%s: no request expires until the brokers say where its labels are",
                        group);
            }
            isTold = true;
        }
    }

    private CompletableFuture<Void> askForEnds(long at) {
        return offsets(OffsetSpec.earliest())
                .thenCombine(offsets(OffsetSpec.latest()), (first, last) -> {
                    Map<TopicPartition, Long> filled = new HashMap<>(last);
                    filled.entrySet().removeIf(one -> one.getValue() <= first.getOrDefault(one.getKey(), 0L));
                    return new Ends(at, filled);
                })
                .thenAccept(this::follow);
    }

    private void follow(Ends known) {
        if (known.offsets().isEmpty()) {
            time = known.at();
        } else {
            ends = known;
        }
    }

    private CompletableFuture<Map<TopicPartition, Long>> offsets(OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> of =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which));
        return admin.listOffsets(of, new ListOffsetsOptions(READ_COMMITTED))
                .all()
                .toCompletionStage()
                .thenApply(all -> {
                    Map<TopicPartition, Long> offsets = new HashMap<>();
                    all.forEach((partition, info) -> offsets.put(partition, info.offset()));
                    return offsets;
                })
                .toCompletableFuture();
    }

    private CompletableFuture<Void> askForCommits(Ends reached) {
        ListConsumerGroupOffsetsSpec which = new ListConsumerGroupOffsetsSpec()
                .topicPartitions(reached.offsets().keySet());
        return admin.listConsumerGroupOffsets(Map.of(group, which))
                .partitionsToOffsetAndMetadata(group)
                .toCompletionStage()
                .thenAccept(committed -> {
                    if (isReached(reached, committed)) {
                        time = reached.at();
                        ends = null;
                    }
                })
                .toCompletableFuture();
    }

    private static boolean isReached(Ends reached, Map<TopicPartition, @Nullable OffsetAndMetadata> committed) {
        return reached.offsets().entrySet().stream().allMatch(one -> {
            OffsetAndMetadata of = committed.get(one.getKey());
            return of != null && of.offset() >= one.getValue();
        });
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
