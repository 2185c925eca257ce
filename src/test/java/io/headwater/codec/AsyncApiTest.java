package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class AsyncApiTest {

    private static Node document = new Node(Map.of());

    /** A mapping of the document, walked by names. */
    record Node(Map<?, ?> map) {

        Object value(String... path) {
            Object value = map;
            for (String name : path) {
                value = Objects.requireNonNull(((Map<?, ?>) value).get(name), () -> String.join("/", path));
            }
            return value;
        }

        Node at(String... path) {
            return new Node((Map<?, ?>) value(path));
        }

        List<Node> children() {
            return map.values().stream().map(v -> new Node((Map<?, ?>) v)).toList();
        }

        Node followed() {
            String reference = (String) value("$ref");
            assertThat(reference).startsWith("#/");
            return document.at(reference.substring(2).split("/"));
        }
    }

    @BeforeAll
    static void read() throws IOException {
        try (Reader reader = Files.newBufferedReader(SchemaFiles.FOLDER.resolve("asyncapi.yaml"))) {
            document = new Node(new Yaml(new SafeConstructor(new LoaderOptions())).load(reader));
        }
    }

    @Test
    void shouldDescribeEveryTopic() {
        assertThat(document.value("asyncapi")).isEqualTo("3.0.0");
        Topics topics = new Topics("headwater.", 1, (short) 1, 1, 1);
        assertThat(document.at("channels").children().stream()
                        .map(channel -> channel.value("address") + " " + policy(channel)))
                .containsExactlyElementsOf(Stream.of(Topic.values())
                        .map(topic -> topics.name(topic) + " " + topic.cleanup().policy())
                        .toList());
    }

    private static String policy(Node channel) {
        List<?> policies = (List<?>) channel.value("bindings", "kafka", "topicConfiguration", "cleanup.policy");
        return String.join(",", policies.stream().map(String::valueOf).toList());
    }

    @Test
    void shouldPointEveryMessageToTheSchemaOfItsName() {
        List<Node> messages = document.at("channels").children().stream()
                .flatMap(channel -> channel.at("messages").children().stream())
                .map(Node::followed)
                .collect(Collectors.toMap(message -> message.value("name"), message -> message, (one, same) -> one))
                .values()
                .stream()
                .toList();

        assertThat(messages).hasSameSizeAs(SchemaFiles.EVENTS);
        for (Node message : messages) {
            Schema schema = SchemaFiles.current((String) message.value("name"));
            Node place =
                    message.map().containsKey("x-listing") ? message.at("x-listing") : message.at("payload", "schema");
            assertThat(place.value("$ref")).isEqualTo("./" + schema.getName() + ".avsc");
            message.at("bindings", "kafka", "key").followed();
        }
        assertThat(messages.stream().map(message -> message.value("name")))
                .containsExactlyInAnyOrderElementsOf(SchemaFiles.EVENTS);
    }

    @Test
    void shouldDescribeTheHeadersOfDeadLetters() {
        Node headers = document.at("components", "messages", "deadLetter", "headers", "properties");

        assertThat(headers.map().keySet().stream().map(String::valueOf))
                .containsExactlyElementsOf(SchemaFiles.current("DeadLetter").getFields().stream()
                        .map(field -> "headwater." + field.name())
                        .toList());
    }

    @Test
    void shouldTieEveryOperationToAChannel() {
        assertThat(document.at("operations").children())
                .allSatisfy(operation -> assertThat(
                                operation.at("channel").followed().value("address"))
                        .isNotNull());
    }
}
