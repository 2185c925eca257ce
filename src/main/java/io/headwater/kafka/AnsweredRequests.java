package io.headwater.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Marks records of the requests topic that are answered already: their prediction is committed in the same transaction, so that a
 * predictor must not answer them a second time.
 */
public final class AnsweredRequests {
    private static final String HEADER = "headwater.answered";
    private static final byte[] BY_API = "api".getBytes(StandardCharsets.UTF_8);

    private AnsweredRequests() {}

    /** Marks a request. */
    public static void mark(ProducerRecord<byte[], byte[]> request) {
        request.headers().add(HEADER, BY_API);
    }

    /** Returns whether a request is marked. */
    public static boolean isMarked(ConsumerRecord<byte[], byte[]> request) {
        return request.headers().lastHeader(HEADER) != null;
    }
}
