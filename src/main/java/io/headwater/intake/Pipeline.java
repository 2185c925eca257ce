package io.headwater.intake;

import io.headwater.domain.OffsetRange;
import io.headwater.kafka.RecordKeys;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Prepares records on worker threads while the poll thread does its work, and returns them in their original order. Used
 * only by the poll thread.
 *
 * @param <P> the results
 */
public final class Pipeline<P extends PreparedRecord> implements AutoCloseable {
    /** A group of records that are prepared together ends after this many bytes. */
    public static final long CHUNK_BYTES = 8L << 20;

    private static final Logger LOG = Logger.getLogger(Pipeline.class);
    private static final long CLOSE_SECONDS = 5;
    private static final int CHUNKS_PER_WORKER = 3;

    /** No more records are fetched while those in flight have this many bytes. */
    private static final long CAPACITY_BYTES = 48L << 20;

    private final RecordPreparation<P> preparation;
    private final int chunkRecords;
    private final int workers;
    private final Duration patience;
    private final Semaphore turns;
    private final AtomicInteger threads = new AtomicInteger();
    private final ArrayDeque<Chunk<P>> inFlight = new ArrayDeque<>();

    /** Work on discarded records that was running when they were discarded. */
    private final List<Job<P>> leftOver = new ArrayList<>();

    private ExecutorService executor;

    /**
     * Creates a pipeline whose threads need not wait for those of others.
     *
     * @param chunkRecords maximum number of records that are prepared together
     * @param workers number of threads
     * @param patience maximum duration of the preparation of a group of records
     */
    public Pipeline(RecordPreparation<P> preparation, int chunkRecords, int workers, Duration patience) {
        this(preparation, chunkRecords, workers, patience, new Semaphore(workers));
    }

    /**
     * Creates a pipeline.
     *
     * @param chunkRecords maximum number of records that are prepared together
     * @param workers number of threads
     * @param patience maximum duration of the preparation of a group of records
     * @param turns a permit for each thread that may work at the same time, in all pipelines that share it
     */
    public Pipeline(
            RecordPreparation<P> preparation, int chunkRecords, int workers, Duration patience, Semaphore turns) {
        this.preparation = preparation;
        this.chunkRecords = chunkRecords;
        this.workers = workers;
        this.patience = patience;
        this.turns = turns;
        this.executor = newExecutor();
    }

    private ExecutorService newExecutor() {
        return Executors.newFixedThreadPool(workers, task -> {
            Thread thread = new Thread(task, "headwater-backbone-" + threads.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Records that are prepared together; {@code ranges} has their offsets by partition, without discarded ones. */
    private record Chunk<P>(Map<TopicPartition, OffsetRange> ranges, long bytes, Job<P> job, Future<List<P>> result) {}

    /**
     * Work on a worker thread, which knows since when it is running. Limited work waits for its turn; unlimited work has another
     * process do what needs a processor.
     */
    private static final class Job<P> implements Callable<List<P>> {
        private enum State {
            WAITING,
            RUNNING,
            ENDED
        }

        private final Callable<List<P>> work;
        private final boolean limited;
        private final Semaphore turns;
        private final AtomicBoolean hasTurn = new AtomicBoolean();
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
        private volatile long began;

        Job(Callable<List<P>> work, boolean limited, Semaphore turns) {
            this.work = work;
            this.limited = limited;
            this.turns = turns;
        }

        @Override
        public List<P> call() throws Exception {
            if (limited) {
                turns.acquire();
                hasTurn.set(true);
            }
            try {
                return work();
            } finally {
                endTurn();
            }
        }

        private List<P> work() throws Exception {
            began = System.nanoTime();
            if (!state.compareAndSet(State.WAITING, State.RUNNING)) {
                throw new CancellationException();
            }
            try {
                return work.call();
            } finally {
                state.set(State.ENDED);
            }
        }

        /** Lets others work, either because this has ended or because it is blocked and was given up. */
        void endTurn() {
            if (hasTurn.compareAndSet(true, false)) {
                turns.release();
            }
        }

        boolean isOverdue(Duration patience) {
            return limited && isRunning() && System.nanoTime() - began > patience.toNanos();
        }

        boolean isRunning() {
            return state.get() == State.RUNNING;
        }

        /** Prevents that it begins; returns whether it has already begun and is still running. */
        boolean discard() {
            return !state.compareAndSet(State.WAITING, State.ENDED) && isRunning();
        }
    }

    /** Prepares records, in groups. */
    public void submit(List<ConsumerRecord<byte[], byte[]>> records) {
        List<ConsumerRecord<byte[], byte[]>> chunk = new ArrayList<>();
        long bytes = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            chunk.add(record);
            bytes += RecordKeys.sizeOf(record);
            if (chunk.size() == chunkRecords || bytes >= CHUNK_BYTES) {
                submit(chunk, bytes);
                chunk = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!chunk.isEmpty()) {
            submit(chunk, bytes);
        }
    }

    private void submit(List<ConsumerRecord<byte[], byte[]>> chunk, long bytes) {
        Map<TopicPartition, OffsetRange> ranges = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : chunk) {
            ranges.merge(
                    RecordKeys.partitionOf(record),
                    new OffsetRange(record.offset(), record.offset() + 1),
                    (all, one) -> new OffsetRange(all.from(), one.to()));
        }
        add(ranges, bytes, new Job<>(() -> preparation.prepare(chunk), true, turns));
    }

    /**
     * Runs {@code work}, which prepares the record at {@code offset} and limits its duration itself, as part of the order
     * of its partition.
     */
    void submitSingle(TopicPartition partition, long offset, Callable<List<P>> work) {
        Map<TopicPartition, OffsetRange> range = new HashMap<>();
        range.put(partition, new OffsetRange(offset, offset + 1));
        add(range, 0, new Job<>(work, false, turns));
    }

    private void add(Map<TopicPartition, OffsetRange> ranges, long bytes, Job<P> job) {
        inFlight.addLast(new Chunk<>(ranges, bytes, job, executor.submit(job)));
    }

    /** Returns whether the poll thread should stop fetching for now. */
    public boolean isFull() {
        return inFlight.size() >= CHUNKS_PER_WORKER * workers
                || inFlight.stream().mapToLong(Chunk::bytes).sum() >= CAPACITY_BYTES;
    }

    /** Returns a number of records that is larger than that of those which can be in flight. */
    int window() {
        return (CHUNKS_PER_WORKER * workers + 1) * chunkRecords;
    }

    /** Returns whether no records are in flight. */
    public boolean isEmpty() {
        return inFlight.isEmpty();
    }

    /** Returns whether no records are in flight and no thread works on discarded ones, unless it was abandoned. */
    public boolean isIdle() {
        leftOver.removeIf(job -> !job.isRunning());
        return inFlight.isEmpty() && leftOver.isEmpty();
    }

    /** Returns whether records of {@code partition} are in flight. */
    public boolean holds(TopicPartition partition) {
        return first(partition).isPresent();
    }

    /** Returns the offset of the first record of {@code partition} in flight; empty when there is none. */
    OptionalLong first(TopicPartition partition) {
        for (Chunk<P> chunk : inFlight) {
            OffsetRange range = chunk.ranges().get(partition);
            if (range != null) {
                return OptionalLong.of(range.from());
            }
        }
        return OptionalLong.empty();
    }

    /**
     * Returns the oldest group of records, waiting up to {@code wait} until it is ready; null when it is not ready in
     * time or there is none.
     *
     * @throws UnpreparedException when the preparation failed for a reason that is not known to lie elsewhere, or takes
     *     too long; the records are no longer in flight
     */
    public @Nullable List<P> next(Duration wait) throws InterruptedException {
        Chunk<P> oldest = inFlight.peekFirst();
        if (oldest == null) {
            return null;
        }
        try {
            List<P> prepared = oldest.result().get(wait.toNanos(), TimeUnit.NANOSECONDS);
            inFlight.removeFirst();
            return prepared.stream()
                    .filter(one -> oldest.ranges().containsKey(RecordKeys.partitionOf(one.record())))
                    .toList();
        } catch (TimeoutException e) {
            if (!oldest.job().isOverdue(patience)) {
                return null;
            }
            inFlight.removeFirst();
            oldest.job().endTurn();
            throw UnpreparedException.overdue(oldest.ranges(), patience);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause && Elsewhere.lies(cause)) {
                throw cause;
            }
            inFlight.removeFirst();
            throw UnpreparedException.failed(oldest.ranges(), e);
        }
    }

    /** Discards the pending records of a partition that is revoked or read again. */
    public void drop(TopicPartition partition) {
        inFlight.removeIf(chunk -> {
            chunk.ranges().remove(partition);
            if (!chunk.ranges().isEmpty()) {
                return false;
            }
            if (chunk.job().discard()) {
                leftOver.add(chunk.job());
            }
            return true;
        });
    }

    /**
     * Discards all pending records and abandons the worker threads, because one of them is blocked and cannot be ended.
     *
     * @return the offset of the first discarded record by partition
     */
    Map<TopicPartition, Long> abandon() {
        Map<TopicPartition, Long> first = new LinkedHashMap<>();
        for (Chunk<P> chunk : inFlight) {
            chunk.ranges().forEach((partition, range) -> first.putIfAbsent(partition, range.from()));
            chunk.job().discard();
            chunk.job().endTurn();
        }
        leftOver.forEach(Job::endTurn);
        inFlight.clear();
        leftOver.clear();
        executor.shutdownNow();
        executor = newExecutor();
        return first;
    }

    /** Waits for pending work, so that the caller can close the tokenizer and the model afterwards. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warnf("pipeline-still-busy seconds=%d", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
