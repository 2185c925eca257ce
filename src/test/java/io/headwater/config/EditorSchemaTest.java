package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/**
 * Holds the schemas for editors in {@code schemas} to the tables of keys, and the examples of the documentation to the
 * schemas. {@code -Dheadwater.write=true} writes the schemas anew.
 */
class EditorSchemaTest {
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n(.*?)```");
    private static final String ADAPTATION = EditorSchema.of(
            AdaptationConfig.TABLE, "Headwater adaptation", "A training job; see docs/configuration.md of Headwater.");
    private static final String MANIFEST = EditorSchema.of(
            BaseModelManifest.TABLE,
            "Headwater base-model manifest",
            "A pre-trained model; see docs/configuration.md of Headwater.");

    @Test
    void shouldWriteTheSchemasInTheRepository() throws IOException {
        Path adaptation = Path.of("schemas/adaptation.schema.json");
        Path manifest = Path.of("schemas/base-model.schema.json");
        if (Boolean.getBoolean("headwater.write")) {
            Files.writeString(adaptation, ADAPTATION);
            Files.writeString(manifest, MANIFEST);
        }

        assertThat(adaptation).content().isEqualTo(ADAPTATION);
        assertThat(manifest).content().isEqualTo(MANIFEST);
    }

    @Test
    void shouldAcceptEveryExampleOfTheDocumentation() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("docs/examples"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".yaml")).toList())
                    .isNotEmpty()
                    .allSatisfy(
                            file -> assertThat(faults(Files.readString(file))).isEmpty());
        }
        for (String page : List.of("configuration.md", "models.md", "bring-your-model.md")) {
            List<String> examples = EXAMPLE.matcher(Files.readString(Path.of("docs", page)))
                    .results()
                    .map(example -> example.group(1))
                    .toList();
            assertThat(examples)
                    .isNotEmpty()
                    .allSatisfy(example -> assertThat(faults(example)).isEmpty());
        }
    }

    @Test
    void shouldAcceptTheRecordedFilesThatAreAccepted() throws IOException {
        for (String name : List.of("adaptations", "manifests")) {
            String recorded = Files.readString(Path.of("src/test/resources/configurations", name + ".txt"));
            assertThat(Arrays.stream(recorded.split("\n=====\n"))
                            .map(one -> one.substring(0, one.indexOf("\n-----\n"))))
                    .allSatisfy(yaml -> assertThat(faults(yaml)).isEmpty());
        }
    }

    @Test
    void shouldAcceptACanonicalText() {
        AdaptationConfig config = AdaptationConfig.of("reviews", TaskKind.TEXT_CLASSIFICATION, "minilm");

        assertThat(faults(AdaptationFile.canonical(config))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "batch-size: 32|batch-size: 0|minimum",
                "batch-size: 32|batch-sise: 32|batch-sise",
                "interval: 2s|interval: soon|pattern",
                "image-classification|image-sorting|enumeration",
                "name: shop-photos|nom: shop-photos|name",
            })
    void shouldRefuseAnAdaptationThatBreaksARule(String right, String wrong, String message) throws IOException {
        refuses("task: image-classification", right, wrong, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "width: 224|width: 5000|maximum",
                "width: 224|shape: [3]|shape",
                "mean: [103.939, 116.779, 123.68]|mean: [1, 2, 3, 4]|items",
                "layout: nchw|layout: hwc|enumeration",
            })
    void shouldRefuseAManifestThatBreaksARule(String right, String wrong, String message) throws IOException {
        refuses("type: image", right, wrong, message);
    }

    private static void refuses(String of, String right, String wrong, String message) throws IOException {
        String example = EXAMPLE.matcher(Files.readString(Path.of("docs/configuration.md")))
                .results()
                .map(found -> found.group(1))
                .filter(found -> found.contains(of))
                .findFirst()
                .orElseThrow();

        assertThat(example).contains(right);
        assertThat(faults(example.replace(right, wrong)))
                .isNotEmpty()
                .anySatisfy(fault -> assertThat(fault.getMessage()).contains(message));
    }

    private static Set<ValidationMessage> faults(String yaml) {
        String schema = yaml.contains("task") ? ADAPTATION : MANIFEST;
        JsonSchema compiled = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schema);
        JsonNode file = new ObjectMapper().valueToTree(new Yaml().load(yaml));
        return compiled.validate(withoutNulls(file));
    }

    /** A key without a value is absent. */
    private static JsonNode withoutNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().removeIf(field -> field.getValue().isNull());
            object.forEach(EditorSchemaTest::withoutNulls);
        }
        return node;
    }
}
