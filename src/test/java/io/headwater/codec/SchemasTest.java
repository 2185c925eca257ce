package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.PredictionRegion.ClassSet;
import io.headwater.domain.Provenance;
import io.headwater.domain.Rejection;
import io.headwater.domain.Sample;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.Thresholds;
import io.headwater.domain.VersionRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SchemasTest {
    /** What was written before the first release. */
    private static final String MILESTONE = "0.1.0-M1";

    static Stream<String> events() {
        return SchemaFiles.EVENTS.stream();
    }

    static Stream<Schema> all() {
        return SchemaFiles.current().values().stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldDocumentEveryRecordAndField(Schema schema) {
        assertThat(schema.getDoc()).as(schema.getName()).isNotBlank();
        if (schema.getType() == Schema.Type.RECORD) {
            assertThat(schema.getFields())
                    .allSatisfy(f -> assertThat(f.doc())
                            .as(schema.getName() + "." + f.name())
                            .isNotBlank());
        }
        if (schema.getType() == Schema.Type.ENUM) {
            assertThat(schema.getEnumDefault()).as(schema.getName()).isEqualTo("UNKNOWN");
        }
    }

    @Test
    void shouldKeepEachNamedTypeInAFileOfItsName() {
        assertThat(all())
                .allSatisfy(s -> assertThat(SchemaFiles.FOLDER.resolve(s.getName() + ".avsc"))
                        .exists());
        assertThat(all().map(Schema::getNamespace).distinct()).containsExactly("io.headwater.events");
    }

    /** Events of each release; an event that is newer than a release has nothing in it to be compatible with. */
    static Stream<Arguments> releasedEvents() {
        return ReleasedSchemas.RELEASES.stream()
                .flatMap(release -> events().filter(name -> Files.exists(
                                SchemaFiles.RELEASED.resolve(release).resolve(name + ".avsc")))
                        .map(name -> Arguments.of(release, name)));
    }

    @ParameterizedTest
    @MethodSource("releasedEvents")
    void shouldStayCompatibleWithEveryReleaseInBothDirections(String release, String name) {
        Schema released = SchemaFiles.released(release, name);
        Schema current = SchemaFiles.current(name);

        assertThat(fault(current, released))
                .as("reading what %s wrote", release)
                .isEmpty();
        assertThat(fault(released, release.equals(MILESTONE) && name.equals("Sample") ? labelled(current) : current))
                .as("%s reading what is written now", release)
                .isEmpty();
    }

    /** Returns the schema of samples with a label, which alone the milestone can read. */
    private static Schema labelled(Schema samples) {
        return new Schema.Parser().parse(samples.toString().replace(",\"null\"]", "]"));
    }

    /** A new field of an event has a value that says that it is absent. */
    @Test
    void shouldReadEventsOfTheFirstReleaseAsEventsWithoutUncertainty() throws IOException {
        VersionRef version =
                new VersionRef(new Lane("shop", "tools"), 3, Digest.of(new byte[] {1}), Digest.of(new byte[] {2}));
        Prediction prediction = new Prediction(
                "7",
                "tools",
                version,
                new Label.ClassLabel("good"),
                Map.of("good", 1f),
                new ClassSet(0.9, List.of("good")),
                true,
                Instant.EPOCH,
                0.25,
                Prediction.Adapted.ALIGNED,
                true);
        Serving serving = new Serving(version, null, DecidedBy.GATE, "better", false, Instant.EPOCH);

        Prediction predicted = rewritten(EventType.PREDICTION, prediction);
        assertThat(predicted.region()).isNull();
        assertThat(predicted.abstain()).isFalse();
        assertThat(predicted.asked()).isZero();
        assertThat(predicted.adapted()).isEqualTo(Prediction.Adapted.UNKNOWN);
        assertThat(predicted.shadow()).isFalse();
        assertThat(predicted.probabilities()).isEqualTo(prediction.probabilities());
        assertThat(rewritten(EventType.SERVING, serving.withThresholds(new Thresholds(0.9, List.of(0.4)))))
                .isEqualTo(serving);
    }

    @Test
    void shouldReadSamplesOfTheFirstReleaseAsSamplesWithoutProvenance() throws IOException {
        VersionRef version =
                new VersionRef(new Lane("shop", "tools"), 3, Digest.of(new byte[] {1}), Digest.of(new byte[] {2}));
        Sample sample = new Sample(
                "7",
                new Payload.Text("a saw"),
                new Label.ClassLabel("good"),
                Instant.EPOCH,
                new Provenance(version, Instant.EPOCH, Instant.EPOCH, new Label.ClassLabel("bad"), 0.25));

        assertThat(rewritten(EventType.SAMPLE, sample))
                .isEqualTo(new Sample(sample.id(), sample.payload(), sample.label(), sample.observedAt()));
    }

    /** Returns an event as it is after it was read and written by the first release. */
    private static <T> T rewritten(EventType<T> type, T event) throws IOException {
        Codec codec = new Codec(1 << 20);
        Schema released = SchemaFiles.released(MILESTONE, type.schema().getName());
        ByteBuffer bytes = ByteBuffer.wrap(codec.encode(type, event));
        BinaryMessageDecoder<GenericRecord> decoder = new BinaryMessageDecoder<>(new GenericData(), released);
        decoder.addSchema(type.schema());
        ByteBuffer written =
                new BinaryMessageEncoder<GenericRecord>(new GenericData(), released).encode(decoder.decode(bytes));
        byte[] old = new byte[written.remaining()];
        written.get(old);
        return codec.decodeOrThrow(type, old);
    }

    @Test
    void shouldPackEveryRelease() throws IOException {
        try (Stream<Path> folders = Files.list(SchemaFiles.RELEASED)) {
            assertThat(folders.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(ReleasedSchemas.RELEASES);
        }
        assertThat(ReleasedSchemas.of("Sample")).hasSameSizeAs(ReleasedSchemas.RELEASES);
    }

    @Test
    void shouldNameEveryReasonForARejection() {
        assertThat(SchemaFiles.current("RejectionReason").getEnumSymbols().stream()
                        .skip(1))
                .containsExactlyElementsOf(
                        Arrays.stream(Rejection.Reason.values()).map(Enum::name).toList());
    }

    /** Not a test: writes the copies of a release, {@code mvn test -Dtest=SchemasTest -Dheadwater.release=1.2.3}. */
    @ParameterizedTest
    @MethodSource("events")
    @EnabledIfSystemProperty(named = "headwater.release", matches = "\\d+\\.\\d+\\.\\d+")
    void shouldCopyTheCurrentSchemasForARelease(String name) throws IOException {
        Path folder = SchemaFiles.RELEASED.resolve(System.getProperty("headwater.release"));
        Files.createDirectories(folder);
        String alone = SchemaFiles.current(name).toString(true);
        Files.writeString(folder.resolve(name + ".avsc"), alone + "\n");
    }

    private static String fault(Schema reader, Schema writer) {
        SchemaCompatibility.SchemaPairCompatibility pair =
                SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        return pair.getType() == SchemaCompatibilityType.COMPATIBLE
                ? ""
                : pair.getResult().getIncompatibilities().toString();
    }
}
