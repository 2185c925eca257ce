package io.headwater.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The threads on which lanes of a trainer work side by side, its own thread among them. Lanes do not depend on each other, so that
 * neither the number of threads nor which of them works for a lane changes any result. Used by one thread.
 */
final class LaneThreads implements AutoCloseable {
    private final int helpers;
    private final AtomicInteger created = new AtomicInteger();
    private final ExecutorService executor;

    /**
     * Creates threads, which start when they are first needed.
     *
     * @param threads how many may work at the same time, that of the caller included; positive
     */
    LaneThreads(int threads) {
        helpers = threads - 1;
        executor = Executors.newFixedThreadPool(Math.max(1, helpers), task -> {
            Thread thread = new Thread(task, "headwater-lanes-" + created.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Does the work of each lane once, and returns when all of it is done.
     *
     * @param work must not use what other lanes change
     * @return the results, in the order of the lanes
     */
    <L, T> List<T> each(List<L> lanes, Function<L, T> work) {
        Share<L, T> share = new Share<>(lanes, work);
        List<Future<?>> others = new ArrayList<>();
        for (int i = 0; i < Math.min(helpers, lanes.size() - 1); i++) {
            others.add(executor.submit(share));
        }
        share.run();
        others.forEach(LaneThreads::await);
        return share.results();
    }

    /** Waits for work that ends by itself; an interrupt must not leave lanes that are still being changed. */
    private static void await(Future<?> work) {
        boolean interrupted = false;
        while (true) {
            try {
                work.get();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                throw new IllegalStateException("failures are kept by the share", e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Work that several threads share: each takes the next lane that no other one has taken. */
    private static final class Share<L, T> implements Runnable {
        private final List<L> lanes;
        private final Function<L, T> work;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicReferenceArray<T> results;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Share(List<L> lanes, Function<L, T> work) {
            this.lanes = lanes;
            this.work = work;
            this.results = new AtomicReferenceArray<>(lanes.size());
        }

        @Override
        public void run() {
            for (int i = next.getAndIncrement();
                    i < lanes.size() && failure.get() == null;
                    i = next.getAndIncrement()) {
                try {
                    results.set(i, work.apply(lanes.get(i)));
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                }
            }
        }

        List<T> results() {
            Throwable failed = failure.get();
            if (failed instanceof RuntimeException exception) {
                throw exception;
            } else if (failed instanceof Error error) {
                throw error;
            }
            return IntStream.range(0, lanes.size()).mapToObj(results::get).toList();
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
