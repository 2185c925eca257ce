package io.headwater.codec;

import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.io.DatumReader;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.message.MessageEncoder;
import org.apache.avro.message.RawMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * The encoding of one record type, in two framings: Avro's single-object encoding ({@code C3 01}, the CRC-64-AVRO
 * fingerprint of the schema in little-endian order, the body; Avro specification 1.12) and the framing of a schema
 * registry ({@code 00}, the schema id as 4 bytes in big-endian order, the body).
 */
final class EventFormat {

    private static final int SINGLE_OBJECT_HEADER = 10;
    private static final int REGISTRY_HEADER = 5;
    private static final SpecificData MODEL = model();

    private final Schema schema;
    private final MessageEncoder<SpecificRecord> encoder;
    private final @Nullable SchemaRegistry registry;
    private final String subject;
    private final Map<Long, DatumReader<SpecificRecord>> byFingerprint = new HashMap<>();
    private final Map<Integer, DatumReader<SpecificRecord>> byId = new ConcurrentHashMap<>();

    /**
     * Creates a format.
     *
     * @param subject name under which the schema is registered
     */
    EventFormat(Schema schema, @Nullable SchemaRegistry registry, String subject) {
        this.schema = schema;
        this.subject = subject;
        this.registry = registry;
        this.encoder =
                registry == null ? new BinaryMessageEncoder<>(MODEL, schema) : new RawMessageEncoder<>(MODEL, schema);
        ReleasedSchemas.of(schema.getName()).forEach(this::addWriter);
        addWriter(schema);
    }

    private static SpecificData model() {
        // Use the class loader of this class, not of Avro: they differ in environments that reload classes.
        SpecificData model = new SpecificData(EventFormat.class.getClassLoader());
        model.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
        return model;
    }

    /** Returns the schema of the generated class {@code type}. */
    static Schema schemaOf(Class<? extends SpecificRecord> type) {
        return MODEL.getSchema(type);
    }

    private void addWriter(Schema writer) {
        byFingerprint.put(SchemaNormalization.parsingFingerprint64(writer), reader(writer));
    }

    private DatumReader<SpecificRecord> reader(Schema writer) {
        return new SpecificDatumReader<>(writer, schema, MODEL);
    }

    /** Encodes an event of any size. */
    byte[] encode(SpecificRecord event) {
        return encode(event, Integer.MAX_VALUE);
    }

    /**
     * Encodes an event.
     *
     * @param most size in bytes of the value
     * @throws EventTooLargeException when the value would be larger
     * @throws RegistryException when the registry is not available
     */
    byte[] encode(SpecificRecord event, int most) {
        ByteArrayOutputStream out = new LimitedOutput(schema.getName(), most);
        if (registry != null) {
            int id = registry.register(subject, schema);
            out.writeBytes(ByteBuffer.allocate(REGISTRY_HEADER)
                    .put((byte) 0)
                    .putInt(id)
                    .array());
        }
        try {
            encoder.encode(event, out);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return out.toByteArray();
    }

    /**
     * Decodes a record.
     *
     * @throws RejectionException when the bytes are invalid
     * @throws RegistryException when the registry cannot be reached
     */
    SpecificRecord decode(byte[] value) {
        if (value.length == 0) {
            throw new RejectionException(Reason.MALFORMED, "value must hold a " + schema.getName() + ", but is empty");
        }
        if (value[0] == 0) {
            return body(
                    value, REGISTRY_HEADER, byId(header(value, REGISTRY_HEADER).getInt(1)));
        }
        if (value[0] == (byte) 0xC3 && (value.length == 1 || value[1] == 1)) {
            ByteBuffer header = header(value, SINGLE_OBJECT_HEADER).order(ByteOrder.LITTLE_ENDIAN);
            return body(value, SINGLE_OBJECT_HEADER, byFingerprint(header.getLong(2)));
        }
        throw new RejectionException(
                Reason.UNKNOWN_SCHEMA,
                "value must begin with C3 01 (Avro single-object encoding) or 00 (schema registry), but begins with %02X%s"
                        .formatted(value[0], value.length == 1 ? "" : " %02X".formatted(value[1])));
    }

    private static ByteBuffer header(byte[] value, int length) {
        if (value.length < length) {
            throw new RejectionException(
                    Reason.MALFORMED,
                    "value must have a header of " + length + " bytes, but ends after " + value.length);
        }
        return ByteBuffer.wrap(value, 0, length);
    }

    private DatumReader<SpecificRecord> byFingerprint(long fingerprint) {
        DatumReader<SpecificRecord> reader = byFingerprint.get(fingerprint);
        if (reader == null) {
            throw new RejectionException(
                    Reason.UNKNOWN_SCHEMA,
                    "fingerprint %016x must be that of a released %s; write with a schema of schemas/released"
                            .formatted(fingerprint, schema.getFullName()));
        }
        return reader;
    }

    private DatumReader<SpecificRecord> byId(int id) {
        DatumReader<SpecificRecord> known = byId.get(id);
        if (known != null) {
            return known;
        }
        if (registry == null) {
            throw new RejectionException(
                    Reason.UNKNOWN_SCHEMA,
                    "schema id " + id + " needs a schema registry; set headwater.registry.url to the producer's");
        }
        Outcome<Schema> found = ask(registry, id);
        if (found instanceof Outcome.Rejected<Schema> rejected) {
            throw new RejectionException(
                    rejected.rejection().reason(), rejected.rejection().message());
        }
        Schema writer = ((Outcome.Ok<Schema>) found).value();
        if (!readable(writer)) {
            throw new RejectionException(
                    Reason.UNKNOWN_SCHEMA,
                    "schema id " + id + " is " + writer.getFullName() + ", which cannot be read as "
                            + schema.getFullName() + "; send that record, or one compatible with it");
        }
        DatumReader<SpecificRecord> reader = reader(writer);
        byId.put(id, reader);
        return reader;
    }

    private Outcome<Schema> ask(SchemaRegistry asked, int id) {
        try {
            return asked.byId(id);
        } catch (RegistryException e) {
            if (!e.isRefusal()) {
                throw e;
            }
            // Shows whether the registry is available, so that it is known what its refusal means.
            asked.register(subject, schema);
            return asked.byId(id);
        }
    }

    private boolean readable(Schema writer) {
        return writer.getType() == Schema.Type.RECORD
                && ExpandedSchema.isSmall(writer)
                && SchemaCompatibility.checkReaderWriterCompatibility(schema, writer)
                                .getType()
                        == SchemaCompatibilityType.COMPATIBLE;
    }

    private SpecificRecord body(byte[] value, int offset, DatumReader<SpecificRecord> reader) {
        BoundedDecoder decoder = new BoundedDecoder(value, offset);
        try {
            SpecificRecord event = reader.read(null, decoder);
            int left = decoder.remaining();
            if (left > 0) {
                throw new RejectionException(
                        Reason.MALFORMED, schema.getName() + " must end its record, but " + left + " bytes follow");
            }
            return event;
        } catch (RejectionException e) {
            throw e;
        } catch (StackOverflowError e) {
            throw new RejectionException(Reason.MALFORMED, "value of " + schema.getName() + " is nested too deeply");
        } catch (IOException | RuntimeException e) {
            // For invalid bytes Avro throws various exceptions: index out of bounds, class cast, end of file.
            throw new RejectionException(Reason.MALFORMED, "value does not decode as " + schema.getName() + ": " + e);
        }
    }
}
