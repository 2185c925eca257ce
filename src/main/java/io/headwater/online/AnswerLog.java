package io.headwater.online;

import io.headwater.codec.RegistryException;
import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.kafka.Clients;
import io.headwater.online.CallResult.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes answered requests and their predictions to the topics, each pair in one transaction, and then passes the answers on: a caller
 * that has an answer can send the label of its request later, and the label finds both. Works on a thread of its own, so that the next
 * batch is answered meanwhile; all answers that wait share a transaction.
 */
final class AnswerLog implements Answers, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(AnswerLog.class);
    private static final long POLL_MILLIS = 100;
    private static final String FAULT =
            "the request could not be logged (headwater.api.log-requests), because the brokers do not take it; try again";

    private final Clients clients;
    private final AnswerRecords records;
    private final String transactionalId;
    private final Listener listener;
    private final BlockingQueue<Entry> entries;
    private final Thread thread;
    private volatile boolean closing;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    private record Entry(Call call, List<Outcome<Prediction>> outcomes) {}

    /** An answered request on the topics. */
    private record Written(Call call, Request request, Prediction answer, int size) {}

    /** Is told of answers that were written and passed on. */
    @FunctionalInterface
    interface Listener {
        /**
         * A request was answered. The method must not block or throw.
         *
         * @param size of the request in bytes
         */
        void answered(Call call, Request request, Prediction answer, int size);
    }

    /**
     * Starts to write.
     *
     * @param capacity how many calls may wait until they are written
     */
    AnswerLog(Clients clients, AnswerRecords records, String transactionalId, int capacity, Listener listener) {
        this.clients = clients;
        this.records = records;
        this.transactionalId = transactionalId;
        this.listener = listener;
        this.entries = new ArrayBlockingQueue<>(capacity);
        this.thread = new Thread(this::work, "headwater-api-log");
        thread.start();
    }

    @Override
    public void complete(Call call, List<Outcome<Prediction>> outcomes) {
        if (closing || !entries.offer(new Entry(call, outcomes))) {
            call.turnAway(Cause.FULL, "too many requests wait to be logged (headwater.api.log-requests); try again");
        }
    }

    private void work() {
        try {
            while (!closing || !entries.isEmpty()) {
                Entry first = entries.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    List<Entry> batch = new ArrayList<>(List.of(first));
                    entries.drainTo(batch, CallQueue.MOST);
                    log(batch);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            release();
        }
    }

    private void log(List<Entry> batch) {
        try {
            List<Written> written = write(batch);
            batch.forEach(entry -> entry.call().result().complete(new CallResult.Answered(entry.outcomes())));
            written.forEach(one -> listener.answered(one.call(), one.request(), one.answer(), one.size()));
        } catch (KafkaException | RegistryException e) {
            LOG.warnf(e, "answers-not-logged calls=%d", batch.size());
            release();
            batch.forEach(entry -> entry.call().turnAway(Cause.AWAY, FAULT));
        }
    }

    private List<Written> write(List<Entry> batch) {
        KafkaProducer<byte[], byte[]> with = producer;
        if (with == null) {
            with = clients.transactionalProducer(transactionalId);
            producer = with;
        }
        List<Written> written = new ArrayList<>();
        with.beginTransaction();
        for (Entry entry : batch) {
            for (int i = 0; i < entry.outcomes().size(); i++) {
                if (entry.outcomes().get(i) instanceof Outcome.Ok<Prediction> answered) {
                    Call call = entry.call();
                    Request request = call.requests().get(i);
                    ProducerRecord<byte[], byte[]> asked = records.request(call.domain(), request, call.trace());
                    with.send(asked);
                    with.send(records.answer(answered.value(), call.trace()));
                    written.add(new Written(call, request, answered.value(), asked.value().length));
                }
            }
        }
        with.commitTransaction();
        return written;
    }

    private void release() {
        KafkaProducer<byte[], byte[]> former = producer;
        producer = null;
        if (former != null) {
            Clients.close(former);
        }
    }

    /** Writes what waits, and ends. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        entries.forEach(entry -> entry.call().turnAway(Cause.AWAY, FAULT));
    }
}
