import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteBufferSerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends labelled samples to Headwater, with the libraries kafka-clients and avro. docs/produce.md explains the records.
 *
 * <pre>java -cp 'LIBRARIES/*' SampleProducer.java BROKERS TOPIC text|numbers SCHEMA &lt; samples.tsv</pre>
 *
 * SCHEMA is the file schemas/released/0.1.0/Sample.avsc. A line has an id, a domain, a label, and a text or numbers, separated by
 * tabs. The label of a text is a class; that of numbers, which are separated by spaces, is a number.
 */
public final class SampleProducer {
    private final Schema schema;
    // Writes C3 01, the fingerprint of the schema, and the record.
    private final BinaryMessageEncoder<GenericRecord> encoder;

    private SampleProducer(Schema schema) {
        this.schema = schema;
        this.encoder = new BinaryMessageEncoder<>(GenericData.get(), schema);
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 4) {
            System.err.println("usage: SampleProducer.java BROKERS TOPIC text|numbers SCHEMA < samples.tsv");
            System.exit(2);
        }
        SampleProducer samples = new SampleProducer(new Schema.Parser().parse(new File(args[3])));
        ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
        // By default, this producer is idempotent and chooses the partition by the key.
        Map<String, Object> config = Map.of("bootstrap.servers", args[0], "acks", "all");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (KafkaProducer<String, ByteBuffer> producer =
                new KafkaProducer<>(config, new StringSerializer(), new ByteBufferSerializer())) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] columns = line.split("\t", 4);
                String domain = columns[1];
                GenericRecord sample = args[2].equals("numbers")
                        ? samples.numbers(columns[0], columns[3], Float.parseFloat(columns[2]))
                        : samples.text(columns[0], columns[3], columns[2]);
                // The key is the domain.
                producer.send(new ProducerRecord<>(args[1], domain, samples.encoder.encode(sample)), (at, failure) -> {
                    if (failure != null) {
                        failures.add(failure);
                    }
                });
            }
        }
        if (!failures.isEmpty()) {
            System.err.println(failures.size() + " samples were not sent; the first because of " + failures.peek());
            System.exit(1);
        }
    }

    private GenericRecord text(String id, String text, String label) {
        return sample(
                id,
                part("payload", "Text").set("text", text).build(),
                part("label", "ClassLabel").set("name", label).build());
    }

    private GenericRecord numbers(String id, String numbers, float label) {
        List<Float> values = Stream.of(numbers.split(" ")).map(Float::valueOf).toList();
        return sample(
                id,
                part("payload", "Tensor")
                        .set("shape", List.of(values.size()))
                        .set("values", values)
                        .build(),
                part("label", "Values").set("values", List.of(label)).build());
    }

    private GenericRecord sample(String id, GenericRecord payload, GenericRecord label) {
        return new GenericRecordBuilder(schema)
                .set("id", id)
                .set("payload", payload)
                .set("label", label)
                .set("observedAt", ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()))
                .build();
    }

    /** Returns a builder of one of the types that a field of a sample may have. */
    private GenericRecordBuilder part(String field, String type) {
        Schema union = schema.getField(field).schema();
        return new GenericRecordBuilder(union.getTypes().get(union.getIndexNamed(schema.getNamespace() + "." + type)));
    }
}
