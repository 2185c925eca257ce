package io.headwater.codec;

import io.headwater.domain.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The headers of a dead letter, all as UTF-8 text: the reason why the record was not used and its original position.
 *
 * @param rejection the reason; its message is truncated to 1,000 characters
 * @param topic topic of the record
 * @param partition partition of the record
 * @param offset offset of the record
 * @param timestamp timestamp of the record, in milliseconds since the epoch
 * @param adaptation adaptation that could not use the record; empty in dead letters of former releases
 */
public record DeadLetterHeaders(
        Rejection rejection, String topic, int partition, long offset, long timestamp, String adaptation) {

    /** Header with the reason for programs: the name of a {@link Rejection.Reason}. */
    public static final String REASON = "headwater.reason";
    /** Header with the reason for people. */
    public static final String MESSAGE = "headwater.message";
    /** Header with the topic of the record. */
    public static final String TOPIC = "headwater.topic";
    /** Header with the partition of the record. */
    public static final String PARTITION = "headwater.partition";
    /** Header with the offset of the record. */
    public static final String OFFSET = "headwater.offset";
    /** Header with the timestamp of the record in milliseconds since the epoch. */
    public static final String TIMESTAMP = "headwater.timestamp";

    /** Header with the name of the adaptation that could not use the record. */
    public static final String ADAPTATION = "headwater.adaptation";

    private static final int MAX_MESSAGE = 1000;

    public DeadLetterHeaders {
        rejection = new Rejection(rejection.reason(), Abbreviation.of(rejection.message(), MAX_MESSAGE));
    }

    /** Returns the headers to add to the unchanged record, by name, in a fixed order. */
    public Map<String, byte[]> encode() {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        headers.put(REASON, utf8(rejection.reason().name()));
        headers.put(MESSAGE, utf8(rejection.message()));
        headers.put(TOPIC, utf8(topic));
        headers.put(PARTITION, utf8(Integer.toString(partition)));
        headers.put(OFFSET, utf8(Long.toString(offset)));
        headers.put(TIMESTAMP, utf8(Long.toString(timestamp)));
        headers.put(ADAPTATION, utf8(adaptation));
        return headers;
    }

    /**
     * Parses the headers of a dead letter; {@code headers} may contain other headers.
     *
     * @throws CodecException when one is missing or cannot be read
     */
    public static DeadLetterHeaders decode(Map<String, byte[]> headers) {
        try {
            return new DeadLetterHeaders(
                    new Rejection(Rejection.Reason.valueOf(text(headers, REASON)), text(headers, MESSAGE)),
                    text(headers, TOPIC),
                    Integer.parseInt(text(headers, PARTITION)),
                    Long.parseLong(text(headers, OFFSET)),
                    Long.parseLong(text(headers, TIMESTAMP)),
                    headers.containsKey(ADAPTATION) ? text(headers, ADAPTATION) : "");
        } catch (IllegalArgumentException e) {
            throw new CodecException("a header of a dead letter cannot be read: " + e.getMessage());
        }
    }

    private static String text(Map<String, byte[]> headers, String name) {
        byte[] value = headers.get(name);
        if (value == null) {
            throw new CodecException("a dead letter must have the header " + name + ", but has only " + headers.keySet()
                    + "; was it written by Headwater?");
        }
        return new String(value, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
