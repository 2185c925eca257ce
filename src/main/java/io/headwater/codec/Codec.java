package io.headwater.codec;

import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Converts events to record values and back. It reads two framings: Avro's single-object encoding, with the current
 * schemas and those of every release, and the framing of a schema registry. It writes the registry framing when there
 * is a registry, and otherwise the single-object encoding. Times are truncated to microseconds. Equal events have equal
 * bytes. Safe for use by several threads.
 *
 * <p>Samples, requests, late labels and commands are external input (see {@link EventType#isInput}): their values have a maximum
 * length, and decoding needs memory of at most a small multiple of their size. {@link #decode} converts every fault of
 * a value to a rejection. {@link #decodeOrThrow} is for events that only Headwater writes, where an unreadable value is
 * a defect. A registry that is not available always causes a {@link RegistryException}, because the record may be valid.
 */
public final class Codec {

    private static final int MAX_MESSAGE = 1000;

    /** Room for the key of a record, its headers and the framing of its batch. */
    private static final int RECORD_ROOM = 2048;

    private final int maxBytes;
    private final Map<EventType<?>, EventFormat> formats;

    /**
     * Creates a codec without a registry.
     *
     * @param maxBytes maximum size in bytes of the value of a sample, request or command, and of a record with a
     *     prediction; at least 1
     */
    public Codec(int maxBytes) {
        this(maxBytes, null);
    }

    /**
     * Creates a codec with a registry, or without one when {@code registry} is null.
     *
     * @param maxBytes maximum size in bytes of the value of a sample, request or command, and of a record with a
     *     prediction; at least 1
     * @param registry registry to look up schemas by id and to register the schemas of written events
     */
    public Codec(int maxBytes, @Nullable SchemaRegistry registry) {
        this(maxBytes, registry, SubjectNames.OF_RECORDS);
    }

    /**
     * Creates a codec with a registry, or without one when {@code registry} is null.
     *
     * @param maxBytes maximum size in bytes of the value of a sample, request or command, and of a record with a
     *     prediction; at least 1
     * @param registry registry to look up schemas by id and to register the schemas of written events
     * @param subjects names of the subjects under which these are registered
     */
    public Codec(int maxBytes, @Nullable SchemaRegistry registry, SubjectNames subjects) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("longest value must be at least 1 byte, but is " + maxBytes);
        }
        this.maxBytes = maxBytes;
        this.formats = EventType.ALL.stream()
                .collect(Collectors.toUnmodifiableMap(
                        type -> type, type -> new EventFormat(type.schema(), registry, subjects.of(type))));
    }

    /**
     * Encodes an event as the value of a record.
     *
     * @throws RegistryException when the registry is not available for the id of the schema
     * @throws EventTooLargeException when the value of a prediction, an ask or of features would be too large for its topic
     */
    public <T> byte[] encode(EventType<T> type, T event) {
        return type == EventType.PREDICTION || type == EventType.ASK || type == EventType.FEATURES
                ? format(type).encode(type.toAvro(event), Math.max(maxBytes / 2, maxBytes - RECORD_ROOM))
                : format(type).encode(type.toAvro(event));
    }

    /**
     * Decodes the value of a record. It is rejected when it is missing or too long, when its schema is unknown, or when
     * it violates a rule.
     *
     * @throws RegistryException when the registry is not available for the schema
     */
    public <T> Outcome<T> decode(EventType<T> type, byte @Nullable [] value) {
        if (value == null) {
            return Outcome.rejected(Reason.TOMBSTONE, "record must have a value, but has none; send one");
        }
        if (type.isInput() && value.length > maxBytes) {
            return Outcome.rejected(
                    Reason.TOO_LARGE,
                    "value must have at most " + maxBytes + " bytes, but has " + value.length
                            + "; send less, or raise the limit");
        }
        try {
            return Outcome.ok(type.fromAvro(format(type).decode(value)));
        } catch (RejectionException e) {
            return rejected(e.reason(), e);
        } catch (IllegalArgumentException e) {
            // A rule of the domain model is violated, such as the rule for names of lanes.
            return rejected(Reason.MALFORMED, e);
        }
    }

    /**
     * Decodes the value of a record that Headwater wrote.
     *
     * @throws CodecException when it cannot be read
     * @throws RegistryException when the registry is not available for the schema
     */
    public <T> T decodeOrThrow(EventType<T> type, byte @Nullable [] value) {
        Outcome<T> outcome = decode(type, value);
        if (outcome instanceof Outcome.Rejected<T> rejected) {
            throw new CodecException("a record of the topic " + type.name() + " cannot be read: "
                    + rejected.rejection().reason() + ", "
                    + rejected.rejection().message());
        }
        return ((Outcome.Ok<T>) outcome).value();
    }

    private EventFormat format(EventType<?> type) {
        return Objects.requireNonNull(formats.get(type), () -> "EventType.ALL must list " + type);
    }

    private static <T> Outcome<T> rejected(Reason reason, RuntimeException fault) {
        return Outcome.rejected(reason, Abbreviation.of(String.valueOf(fault.getMessage()), MAX_MESSAGE));
    }
}
