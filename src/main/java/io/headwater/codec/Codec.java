package io.headwater.codec;

import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Events as record values and back. Both framings are read: Avro's single-object encoding, with the current schemas and
 * those of every release, and a registry's. Written is the registry's when there is a registry, else single objects.
 * Times lose what is finer than a microsecond. Equal events are equal bytes. Safe for use by several threads.
 *
 * <p>Samples, requests and commands come from outside (see {@link EventType#isInput}): their values have a longest
 * length, and decoding one costs no more memory than a small multiple of its size. {@link #decode} turns whatever is wrong
 * with a value into a rejection; {@link #decodeOrThrow} is for events that Headwater alone writes, where a value that
 * cannot be read is a defect. An unreachable registry throws {@link RegistryException} everywhere, for it says nothing
 * about the record.
 */
public final class Codec {

    private static final int MAX_MESSAGE = 1000;

    private final int maxBytes;
    private final Map<EventType<?>, EventFormat> formats;

    /**
     * Without a registry.
     *
     * @param maxBytes longest value of a sample, request or command, at least 1
     */
    public Codec(int maxBytes) {
        this(maxBytes, null);
    }

    /**
     * With a registry, or without when it is null.
     *
     * @param maxBytes longest value of a sample, request or command, at least 1
     * @param registry where numbered schemas are found and those of written events are registered
     */
    public Codec(int maxBytes, @Nullable SchemaRegistry registry) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("longest value must be at least 1 byte, but is " + maxBytes);
        }
        this.maxBytes = maxBytes;
        this.formats = EventType.ALL.stream()
                .collect(Collectors.toUnmodifiableMap(type -> type, type -> new EventFormat(type.schema(), registry)));
    }

    /**
     * The value of a record.
     *
     * @throws RegistryException when the registry could not be asked for the number of the schema
     */
    public <T> byte[] encode(EventType<T> type, T event) {
        return format(type).encode(type.toAvro(event));
    }

    /**
     * Reads the value of a record, or says why it cannot be used: it is missing or too long, its schema is not known, or
     * it breaks a rule.
     *
     * @throws RegistryException when the registry could not be asked for the schema
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
            // The domain's own rules, such as what can name a lane.
            return rejected(Reason.MALFORMED, e);
        }
    }

    /**
     * Reads the value of a record that Headwater wrote.
     *
     * @throws CodecException when it cannot be read
     * @throws RegistryException when the registry could not be asked for the schema
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
