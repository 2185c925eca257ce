package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Rejection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemasTest {

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

    @ParameterizedTest
    @MethodSource("events")
    void shouldStayCompatibleWithTheLastReleaseInBothDirections(String name) {
        String last = ReleasedSchemas.RELEASES.get(ReleasedSchemas.RELEASES.size() - 1);
        Schema released = SchemaFiles.released(last, name);
        Schema current = SchemaFiles.current(name);

        assertThat(fault(current, released)).as("reading what %s wrote", last).isEmpty();
        assertThat(fault(released, current))
                .as("%s reading what is written now", last)
                .isEmpty();
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
