package io.headwater.cli;

import io.headwater.cli.console.Remarks;
import io.headwater.standalone.Progress;
import io.headwater.standalone.SampleProducer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Sends the items of a data file in order, because the samples of a domain and the labels of a request are used in the order in
 * which they are sent. It stops at the first item that cannot be sent. If it ends early, also by a signal such as that of Ctrl+C, it
 * says how many items the brokers have acknowledged and which {@code --skip} continues behind them.
 *
 * @param <T> type of the items
 */
final class Sending<T> {
    private static final Duration LAST_ACKNOWLEDGEMENTS = Duration.ofSeconds(10);

    private final SampleProducer producer;
    private final Path data;
    private final int skipped;
    private final List<T> items;
    private final Function<T, String> id;
    private final Consumer<T> send;
    private final AtomicBoolean reported = new AtomicBoolean();
    private volatile boolean ending;

    /**
     * Creates a sending that has not begun.
     *
     * @param skipped the number of items of {@code data} before {@code items}
     * @param items the items to send
     * @param id returns what an item is called in messages
     * @param send sends an item by {@code producer}
     */
    Sending(SampleProducer producer, Path data, int skipped, List<T> items, Function<T, String> id, Consumer<T> send) {
        this.producer = producer;
        this.data = data;
        this.skipped = skipped;
        this.items = items;
        this.id = id;
        this.send = send;
    }

    /**
     * Sends all items and waits for their acknowledgements.
     *
     * @param rate items per second; 0 for as fast as possible
     * @return whether all items were sent; false if the process is being ended, and what was sent has been reported
     * @throws IllegalStateException if an item cannot be sent; the message says how to continue
     */
    boolean all(double rate, Progress progress) throws InterruptedException {
        Thread hook = new Thread(this::interrupted, "produce-interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            send(rate, progress);
            return reported.compareAndSet(false, true);
        } catch (RuntimeException e) {
            producer.close();
            if (ending || !reported.compareAndSet(false, true)) {
                return false;
            }
            throw stopped(e);
        } finally {
            remove(hook);
        }
    }

    private void send(double rate, Progress progress) throws InterruptedException {
        long next = System.nanoTime();
        for (T item : items) {
            send.accept(item);
            progress.advance(1);
            if (rate > 0) {
                next += (long) (TimeUnit.SECONDS.toNanos(1) / rate);
                TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
            }
        }
        producer.flush();
    }

    private IllegalStateException stopped(RuntimeException thrown) {
        Exception cause = producer.failure().orElse(thrown);
        int sent = Math.toIntExact(producer.acknowledged());
        int next = skipped + sent;
        boolean ofItem = cause instanceof RecordTooLargeException || !(cause instanceof KafkaException);
        String item = sent < items.size() ? " ('" + id.apply(items.get(sent)) + "')" : "";
        String further = ofItem
                ? "mend it and go on with --skip %d, or leave it out with --skip %d".formatted(next, next + 1)
                : "go on with --skip %d".formatted(next);
        return new IllegalStateException(
                "sending '%s' stopped at item %d%s, which cannot be sent: %s; the brokers acknowledged the %d items before it in this run, and none behind it was sent: %s"
                        .formatted(data, next + 1, item, cause.getMessage(), sent, further),
                cause);
    }

    private void interrupted() {
        ending = true;
        producer.close(LAST_ACKNOWLEDGEMENTS);
        if (reported.compareAndSet(false, true)) {
            long sent = producer.acknowledged();
            Remarks.print(
                    "sending '%s' was interrupted; the brokers acknowledged the first %d of the %d items of this run: go on with --skip %d",
                    data, sent, items.size(), skipped + sent);
        }
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is being ended, and the hook runs.
            return;
        }
    }
}
