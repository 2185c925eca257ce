package io.headwater.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class ComposeFileTest {

    private static final Path FILE = Path.of("docker/compose.yaml");

    private final JsonNode compose = read();

    @Test
    void shouldBuildFromFilesThatExist() throws Exception {
        JsonNode build = compose.at("/services/headwater/build");
        Path context = Path.of("docker", build.path("context").textValue()).normalize();
        Path dockerfile = context.resolve(build.path("dockerfile").textValue());
        assertThat(dockerfile).isRegularFile();
        for (String line : Files.readAllLines(dockerfile)) {
            if (line.startsWith("COPY ") && !line.startsWith("COPY --from")) {
                String[] words = line.split(" ");
                for (int i = 1; i < words.length - 1; i++) {
                    assertThat(context.resolve(words[i])).exists();
                }
            }
        }
    }

    @Test
    void shouldMountOnlyFilesThatExistAndVolumesThatAreDeclared() {
        List<String> declared = new ArrayList<>();
        compose.path("volumes").fieldNames().forEachRemaining(declared::add);
        for (JsonNode service : compose.path("services")) {
            for (JsonNode mount : service.path("volumes")) {
                String source = mount.textValue().split(":")[0];
                if (source.startsWith(".")) {
                    assertThat(Path.of("docker", source).normalize()).isRegularFile();
                } else {
                    assertThat(declared).contains(source);
                }
            }
        }
    }

    @Test
    void shouldPinEveryImageAndListenOnTheLoopbackDeviceOnly() {
        for (JsonNode service : compose.path("services")) {
            assertThat(service.path("image").textValue()).matches("[^:]+:[^:]+").doesNotEndWith(":latest");
            service.path("ports").forEach(port -> assertThat(port.textValue()).startsWith("127.0.0.1:"));
        }
    }

    @Test
    void shouldRunHeadwaterWithoutRights() {
        JsonNode headwater = compose.at("/services/headwater");
        assertThat(headwater.path("read_only").booleanValue()).isTrue();
        assertThat(headwater.at("/cap_drop/0").textValue()).isEqualTo("ALL");
        assertThat(headwater.at("/environment/HEADWATER_BOOTSTRAP_SERVERS").textValue())
                .isEqualTo("kafka:19092");
    }

    /** From the host, the port is localhost; other containers use the name of the service. */
    @Test
    void shouldServeApiAndPageUnderTheNameOfTheService() {
        JsonNode environment = compose.at("/services/headwater/environment");
        assertThat(environment.path("HEADWATER_ROLES").textValue().split(",")).contains("api", "page");
        assertThat(environment.path("HEADWATER_HTTP_HOSTS").textValue()).isEqualTo("headwater");
    }

    private static JsonNode read() {
        try (Reader reader = Files.newBufferedReader(FILE)) {
            Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
            return new ObjectMapper().valueToTree(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
