package io.headwater.trainer;

import io.headwater.intake.Elsewhere;
import io.headwater.kafka.RecordKeys;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Prepares records on worker threads while the poll thread trains, and returns them in their original order. Used only
 * by the poll thread.
 */
final class Pipeline implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Pipeline.class);
    private static final int CHUNK = 32;
    private static final long CLOSE_SECONDS = 5;
    private static final int CHUNKS_PER_WORKER = 3;

    /** A group of records that are prepared together ends after this many bytes. */
    private static final long CHUNK_BYTES = 8L << 20;

    /** No more records are fetched while those in flight have this many bytes. */
    private static final long CAPACITY_BYTES = 48L << 20;

    /** Records of one partition that are prepared together; {@code end} is the offset after the last one. */
    private record Chunk(int partition, long first, long end, long bytes, Job job, Future<List<Prepared>> result) {}

    private final SampleReader reader;
    private final int workers;
    private final Duration patience;
    private final AtomicInteger threads = new AtomicInteger();
    private final ArrayDeque<Chunk> inFlight = new ArrayDeque<>();
    private ExecutorService executor;

    /**
     * Creates a pipeline.
     *
     * @param workers number of threads
     * @param patience maximum duration of the preparation of a group of records
     */
    Pipeline(SampleReader reader, int workers, Duration patience) {
        this.reader = reader;
        this.workers = workers;
        this.patience = patience;
        this.executor = newExecutor();
    }

    private ExecutorService newExecutor() {
        return Executors.newFixedThreadPool(workers, task -> {
            Thread thread = new Thread(task, "headwater-backbone-" + threads.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Work on a worker thread, which knows since when it is running. */
    private static final class Job implements Callable<List<Prepared>> {
        private final Callable<List<Prepared>> work;
        private final boolean limited;
        private volatile long began;
        private volatile boolean running;

        Job(Callable<List<Prepared>> work, boolean limited) {
            this.work = work;
            this.limited = limited;
        }

        @Override
        public List<Prepared> call() throws Exception {
            began = System.nanoTime();
            running = true;
            return work.call();
        }

        boolean isOverdue(Duration patience) {
            return limited && running && System.nanoTime() - began > patience.toNanos();
        }
    }

    /** Prepares records of one partition, in groups. */
    void submit(int partition, List<ConsumerRecord<byte[], byte[]>> records) {
        List<ConsumerRecord<byte[], byte[]>> chunk = new ArrayList<>();
        long bytes = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            chunk.add(record);
            bytes += RecordKeys.sizeOf(record);
            if (chunk.size() == CHUNK || bytes >= CHUNK_BYTES) {
                submit(partition, chunk, bytes);
                chunk = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!chunk.isEmpty()) {
            submit(partition, chunk, bytes);
        }
    }

    private void submit(int partition, List<ConsumerRecord<byte[], byte[]>> chunk, long bytes) {
        long first = chunk.get(0).offset();
        long end = chunk.get(chunk.size() - 1).offset() + 1;
        add(partition, first, end, bytes, new Job(() -> reader.prepare(chunk), true));
    }

    /**
     * Runs {@code work}, which prepares the record at {@code offset} and limits its duration itself, as part of the order
     * of its partition.
     */
    void submitSingle(int partition, long offset, Callable<List<Prepared>> work) {
        add(partition, offset, offset + 1, 0, new Job(work, false));
    }

    private void add(int partition, long first, long end, long bytes, Job job) {
        inFlight.addLast(new Chunk(partition, first, end, bytes, job, executor.submit(job)));
    }

    /** Returns whether the poll thread should stop fetching for now. */
    boolean isFull() {
        return inFlight.size() >= CHUNKS_PER_WORKER * workers
                || inFlight.stream().mapToLong(Chunk::bytes).sum() >= CAPACITY_BYTES;
    }

    boolean isEmpty() {
        return inFlight.isEmpty();
    }

    boolean holds(int partition) {
        return first(partition).isPresent();
    }

    /** Returns the offset of the first record of {@code partition} in flight; empty when there is none. */
    OptionalLong first(int partition) {
        return inFlight.stream()
                .filter(chunk -> chunk.partition() == partition)
                .mapToLong(Chunk::first)
                .findFirst();
    }

    /**
     * Returns the oldest chunk, waiting up to {@code patience} until it is ready; null when it is not ready in time or
     * there is none.
     *
     * @throws UnpreparedException when the preparation failed for a reason that is not known to lie elsewhere, or takes
     *     too long; the chunk is no longer in flight
     */
    @Nullable
    List<Prepared> next(Duration wait) throws InterruptedException {
        Chunk oldest = inFlight.peekFirst();
        if (oldest == null) {
            return null;
        }
        try {
            List<Prepared> prepared = oldest.result().get(wait.toNanos(), TimeUnit.NANOSECONDS);
            inFlight.removeFirst();
            return prepared;
        } catch (TimeoutException e) {
            if (!oldest.job().isOverdue(patience)) {
                return null;
            }
            inFlight.removeFirst();
            throw UnpreparedException.overdue(oldest.partition(), oldest.first(), oldest.end(), patience);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause && Elsewhere.lies(cause)) {
                throw cause;
            }
            inFlight.removeFirst();
            throw UnpreparedException.failed(oldest.partition(), oldest.first(), oldest.end(), e);
        }
    }

    /** Discards the pending records of a partition that is revoked or read again. */
    void drop(int partition) {
        inFlight.removeIf(chunk -> {
            if (chunk.partition() == partition) {
                chunk.result().cancel(false);
                return true;
            }
            return false;
        });
    }

    /**
     * Discards all pending records and abandons the worker threads, because one of them is blocked and cannot be ended.
     *
     * @return the offset of the first discarded record by partition
     */
    Map<Integer, Long> abandon() {
        Map<Integer, Long> first = new TreeMap<>();
        inFlight.forEach(chunk -> first.putIfAbsent(chunk.partition(), chunk.first()));
        inFlight.clear();
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
