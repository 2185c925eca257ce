package io.headwater.online;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.codec.RegistryException;
import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.kafka.AnsweredRequests;
import io.headwater.kafka.Clients;
import io.headwater.kafka.RecordTraces;
import io.headwater.kafka.Topic;
import io.headwater.online.CallResult.Cause;
import io.opentelemetry.context.Context;
import java.nio.charset.StandardCharsets;
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
    private final Codec codec;
    private final String transactionalId;
    private final BlockingQueue<Entry> entries;
    private final Thread thread;
    private volatile boolean closing;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    private record Entry(Call call, List<Outcome<Prediction>> outcomes) {}

    /**
     * Starts to write.
     *
     * @param capacity how many calls may wait until they are written
     */
    AnswerLog(Clients clients, Codec codec, String transactionalId, int capacity) {
        this.clients = clients;
        this.codec = codec;
        this.transactionalId = transactionalId;
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
            write(batch);
            batch.forEach(entry -> entry.call().result().complete(new CallResult.Answered(entry.outcomes())));
        } catch (KafkaException | RegistryException e) {
            LOG.warnf(e, "answers-not-logged calls=%d", batch.size());
            release();
            batch.forEach(entry -> entry.call().turnAway(Cause.AWAY, FAULT));
        }
    }

    private void write(List<Entry> batch) {
        KafkaProducer<byte[], byte[]> with = producer;
        if (with == null) {
            with = clients.transactionalProducer(transactionalId);
            producer = with;
        }
        with.beginTransaction();
        for (Entry entry : batch) {
            for (int i = 0; i < entry.outcomes().size(); i++) {
                if (entry.outcomes().get(i) instanceof Outcome.Ok<Prediction> answered) {
                    send(with, entry.call().trace(), entry.call().requests().get(i), answered.value());
                }
            }
        }
        with.commitTransaction();
    }

    private void send(KafkaProducer<byte[], byte[]> with, Context trace, Request request, Prediction prediction) {
        byte[] key = prediction.domain().getBytes(StandardCharsets.UTF_8);
        int partition = clients.topics().partitionOf(prediction.domain());
        ProducerRecord<byte[], byte[]> asked = new ProducerRecord<>(
                clients.topics().name(Topic.REQUESTS), partition, key, codec.encode(EventType.REQUEST, request));
        AnsweredRequests.mark(asked);
        ProducerRecord<byte[], byte[]> answer = new ProducerRecord<>(
                clients.topics().name(Topic.PREDICTIONS),
                partition,
                key,
                codec.encode(EventType.PREDICTION, prediction));
        RecordTraces.mark(asked.headers(), trace);
        RecordTraces.mark(answer.headers(), trace);
        with.send(asked);
        with.send(answer);
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
