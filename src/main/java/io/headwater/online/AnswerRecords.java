package io.headwater.online;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.kafka.AnsweredRequests;
import io.headwater.kafka.Clients;
import io.headwater.kafka.RecordTraces;
import io.headwater.kafka.Topic;
import io.opentelemetry.context.Context;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Makes the records of requests that were answered over HTTP, and of their answers.
 *
 * @param clients whose topics they are for
 * @param codec of the events
 */
record AnswerRecords(Clients clients, Codec codec) {
    /** Returns a request as one that is answered already. */
    ProducerRecord<byte[], byte[]> request(String domain, Request request, Context trace) {
        ProducerRecord<byte[], byte[]> record =
                record(Topic.REQUESTS, domain, codec.encode(EventType.REQUEST, request), trace);
        AnsweredRequests.mark(record);
        return record;
    }

    ProducerRecord<byte[], byte[]> answer(Prediction prediction, Context trace) {
        return record(Topic.PREDICTIONS, prediction.domain(), codec.encode(EventType.PREDICTION, prediction), trace);
    }

    private ProducerRecord<byte[], byte[]> record(Topic topic, String domain, byte[] value, Context trace) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                clients.topics().name(topic),
                clients.topics().partitionOf(domain),
                domain.getBytes(StandardCharsets.UTF_8),
                value);
        RecordTraces.mark(record.headers(), trace);
        return record;
    }
}
