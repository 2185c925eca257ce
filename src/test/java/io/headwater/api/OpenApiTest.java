package io.headwater.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.headwater.api.http.ApiLimits;
import io.headwater.api.http.Guards;
import io.headwater.online.TestDesk;
import io.headwater.page.PageServer;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.yaml.snakeyaml.Yaml;

/** The description of the API in schemas/openapi.yaml, held to its routes and answers. */
@Timeout(60)
class OpenApiTest {
    private static final ApiLimits LIMITS = new ApiLimits(1000, 1000, Duration.ofSeconds(20));
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void shouldDescribeEveryRoute() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Router router = Router.router(vertx);
            new PageServer(Optional::empty, List::of, LIMITS, new Guards(List.of())).mount(router);
            new PredictionApi(List::of, LIMITS, new Guards(List.of()), "1").mount(router);
            Set<String> routes = new TreeSet<>();
            for (Route route : router.getRoutes()) {
                // The page is not part of the API.
                if (route.methods() != null && route.getPath().matches("/(api|v2).*")) {
                    route.methods()
                            .forEach(method -> routes.add(method.name().toLowerCase(Locale.ROOT) + " "
                                    + route.getPath().replaceAll(":(\\w+)", "{$1}")));
                }
            }

            Set<String> described = new TreeSet<>();
            document()
                    .get("paths")
                    .fields()
                    .forEachRemaining(path -> path.getValue().fieldNames().forEachRemaining(name -> {
                        if (!name.equals("parameters")) {
                            described.add(name + " " + path.getKey());
                        }
                    }));
            assertThat(described).isEqualTo(routes);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void shouldDescribeEveryFieldOfAnAnswer() throws Exception {
        try (TestDesk desk = new TestDesk(64);
                ApiServer server = new ApiServer(desk, LIMITS)) {
            desk.serve("shop", 1);
            HttpResponse<String> answer =
                    server.post("/api/v1/lanes/letters/shop/predict", "application/json", "{\"text\": \"a\"}");

            JsonNode schema = document().at("/components/schemas/Prediction");
            JsonNode json = MAPPER.readTree(answer.body());
            assertThat(json.fieldNames())
                    .toIterable()
                    .isSubsetOf(() -> schema.get("properties").fieldNames());
            schema.get("required")
                    .forEach(name -> assertThat(json.has(name.asText()))
                            .as(name.asText())
                            .isTrue());
        }
    }

    /** Answers of the Open Inference Protocol have nothing that is not described, and all that is required. */
    @Test
    void shouldDescribeTheOpenInferenceProtocol() throws Exception {
        String asked = "{\"id\": \"q\", \"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [1],"
                + " \"data\": [\"a\"]}], \"parameters\": {\"binary_data_output\": false}, \"outputs\": []}";
        try (TestDesk desk = new TestDesk(64);
                ApiServer server = new ApiServer(desk, LIMITS)) {
            desk.serve("shop", 1);
            for (String path : List.of(
                    "/v2",
                    "/v2/health/live",
                    "/v2/health/ready",
                    "/v2/models",
                    "/v2/models/{model}",
                    "/v2/models/{model}/ready",
                    "/v2/models/{model}/versions/{version}",
                    "/v2/models/{model}/versions/{version}/ready")) {
                String url = path.replace("{model}", "letters~shop").replace("{version}", "1");
                assertDescribed(path, "get", "200", server.get(url));
            }
            for (String path : List.of("/v2/models/{model}/infer", "/v2/models/{model}/versions/{version}/infer")) {
                String url = path.replace("{model}", "letters~shop").replace("{version}", "1");
                assertThat(validate(schema("InferRequest"), MAPPER.readTree(asked)))
                        .isEmpty();
                assertDescribed(path, "post", "200", server.post(url, "application/json", asked));
                assertDescribed(path, "post", "default", server.post(url, "application/json", "{}"));
            }
        }
    }

    private static void assertDescribed(String path, String method, String status, HttpResponse<String> answer)
            throws Exception {
        JsonNode response =
                document().at("/paths").get(path).get(method).get("responses").get(status);
        String name = response.get("$ref").asText().replaceAll(".*/", "");
        JsonNode json = MAPPER.readTree(answer.body());
        ObjectNode schema = document()
                .at("/components/responses/" + name + "/content/application~1json/schema")
                .deepCopy();
        assertThat(validate(schema, json)).as("%s: %s", path, json).isEmpty();
        JsonNode properties = schema.has("$ref")
                ? document().at(schema.get("$ref").asText().substring(1)).get("properties")
                : schema.get("properties");
        assertThat(json.fieldNames()).toIterable().as(path).isSubsetOf(properties::fieldNames);
    }

    private static ObjectNode schema(String name) {
        return MAPPER.createObjectNode().put("$ref", "#/components/schemas/" + name);
    }

    private static Set<ValidationMessage> validate(ObjectNode schema, JsonNode json) throws Exception {
        ObjectNode whole = MAPPER.createObjectNode();
        whole.set("components", document().get("components"));
        whole.putArray("allOf").add(schema);
        return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(whole)
                .validate(json);
    }

    private static JsonNode document() throws Exception {
        Map<String, Object> document = new Yaml().load(Files.readString(Path.of("schemas/openapi.yaml")));
        return MAPPER.valueToTree(document);
    }
}
