package io.headwater.trainer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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

    private record Chunk(int partition, Future<List<Prepared>> result) {}

    private final SampleReader reader;
    private final ExecutorService workers;
    private final int capacity;
    private final ArrayDeque<Chunk> inFlight = new ArrayDeque<>();

    Pipeline(SampleReader reader, int workers) {
        AtomicInteger number = new AtomicInteger();
        this.reader = reader;
        this.capacity = CHUNKS_PER_WORKER * workers;
        this.workers = Executors.newFixedThreadPool(workers, task -> {
            Thread thread = new Thread(task, "headwater-backbone-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    void submit(int partition, List<ConsumerRecord<byte[], byte[]>> records) {
        for (int from = 0; from < records.size(); from += CHUNK) {
            List<ConsumerRecord<byte[], byte[]>> chunk =
                    new ArrayList<>(records.subList(from, Math.min(from + CHUNK, records.size())));
            inFlight.addLast(new Chunk(partition, workers.submit(() -> reader.prepare(chunk))));
        }
    }

    /** Returns whether the poll thread should stop fetching for now. */
    boolean isFull() {
        return inFlight.size() >= capacity;
    }

    boolean isEmpty() {
        return inFlight.isEmpty();
    }

    boolean holds(int partition) {
        return inFlight.stream().anyMatch(chunk -> chunk.partition() == partition);
    }

    /**
     * Returns the oldest chunk, waiting up to {@code patience} until it is ready; null when it is not ready in time or
     * there is none.
     */
    @Nullable
    List<Prepared> next(Duration patience) throws InterruptedException {
        Chunk oldest = inFlight.peekFirst();
        if (oldest == null) {
            return null;
        }
        try {
            List<Prepared> prepared = oldest.result().get(patience.toNanos(), TimeUnit.NANOSECONDS);
            inFlight.removeFirst();
            return prepared;
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
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

    /** Waits for pending work, so that the caller can close the tokenizer and the model afterwards. */
    @Override
    public void close() {
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warnf("pipeline-still-busy seconds=%d", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
