package io.headwater.online;

import io.headwater.codec.RegistryException;
import io.headwater.kafka.Clients;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Sends records that belong to no transaction. Sending waits where the brokers do not answer, so it has a thread of its own, on which
 * the producer is also created when the first record comes.
 */
final class RecordSender implements AutoCloseable {
    private final Clients clients;
    private final ThreadPoolExecutor sending;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    /**
     * Creates a sender.
     *
     * @param thread name of its thread
     * @param capacity how many records may wait
     */
    RecordSender(Clients clients, String thread, int capacity) {
        this.clients = clients;
        this.sending = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(capacity), task -> {
            Thread own = new Thread(task, thread);
            own.setDaemon(true);
            return own;
        });
    }

    /**
     * Sends a record.
     *
     * @param record makes it, on the thread of this sender
     * @param sent is called when the brokers have it, with null, or else with the reason why they do not
     * @return whether it is sent; false when as many records wait as may wait
     */
    boolean send(Supplier<ProducerRecord<byte[], byte[]>> record, Consumer<@Nullable Exception> sent) {
        try {
            sending.execute(() -> sendNow(record, sent));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void sendNow(Supplier<ProducerRecord<byte[], byte[]>> record, Consumer<@Nullable Exception> sent) {
        try {
            KafkaProducer<byte[], byte[]> with = producer;
            if (with == null) {
                with = clients.producer();
                producer = with;
            }
            with.send(record.get(), (metadata, fault) -> sent.accept(fault));
        } catch (KafkaException | RegistryException e) {
            sent.accept(e);
        }
    }

    @Override
    public void close() {
        sending.shutdownNow();
        try {
            if (sending.awaitTermination(1, TimeUnit.SECONDS) && producer != null) {
                Clients.close(producer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
