package io.headwater.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;

/** The files in {@code schemas}. */
final class SchemaFiles {

    static final Path FOLDER = Path.of("schemas");
    static final Path RELEASED = FOLDER.resolve("released");

    /** The records that stand on topics, or list what does. */
    static final List<String> EVENTS = List.of(
            "Sample",
            "Request",
            "LateLabel",
            "Prediction",
            "Ask",
            "FeaturizedRecord",
            "ModelVersion",
            "Serving",
            "TrainerState",
            "Evaluation",
            "DriftSignal",
            "LateEvaluation",
            "Command",
            "DeadLetter");

    private SchemaFiles() {}

    /** Every current schema by its name without the namespace. */
    static Map<String, Schema> current() {
        SchemaParser parser = new SchemaParser();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".avsc")).toList()) {
                parser.parse(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parser.getParsedNamedSchemas().stream()
                .collect(Collectors.toMap(Schema::getName, Function.identity(), (a, b) -> a, TreeMap::new));
    }

    static Schema current(String name) {
        return Objects.requireNonNull(current().get(name), name);
    }

    static Schema released(String release, String name) {
        try {
            return new Schema.Parser()
                    .parse(RELEASED.resolve(release).resolve(name + ".avsc").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
