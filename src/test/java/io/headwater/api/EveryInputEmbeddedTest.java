package io.headwater.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.api.http.ApiLimits;
import io.headwater.codec.EventType;
import io.headwater.domain.Payload;
import io.headwater.domain.Sample;
import io.headwater.online.OnlinePredictor;
import io.headwater.online.OnlineSettings;
import io.headwater.role.RoleState;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import io.headwater.testing.TestSounds;
import io.headwater.trainer.LearningKind;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people have, in every form in which they may send it, answered by a version that was learned from such samples. */
@OnEmbeddedBroker
@Timeout(300)
class EveryInputEmbeddedTest {
    private static final String DOMAIN = "shop";
    private static final int SAMPLES = 24;
    private static final int SAMPLE_RATE = 8000;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"LINEAR_PROBE", "IMAGES", "SOUNDS", "NO_HELD_OUT_SAMPLES", "ANSWERS", "REGRESSION"})
    void shouldGiveTheSameAnswerInWhateverFormTheInputComes(LearningKind kind, BrokerUnderTest broker)
            throws Exception {
        FileArtifactStore store = new FileArtifactStore(folder.resolve("store"), 1 << 24);
        try (Installation installation =
                Installation.of(kind.config(), broker, store).divided(kind.base(folder))) {
            installation.createTopics();
            for (int i = 0; i < SAMPLES; i++) {
                Sample sample = new Sample("s" + i, kind.payload(i), kind.label(i), Instant.EPOCH);
                installation.send(DOMAIN, installation.codec().encode(EventType.SAMPLE, sample), true);
            }
            installation.train();
            String lane = kind.config().name() + "/" + DOMAIN;
            OnlinePredictor role =
                    installation.online(new OnlineSettings(64, false, List.of(installation.lane(DOMAIN))));
            role.start();
            try (ApiServer api = new ApiServer(role, new ApiLimits(1 << 20, 1 << 22, Duration.ofSeconds(60)))) {
                Await.until("a version", () -> role.state() == RoleState.RUNNING);
                Asking asking = new Asking(
                        api, "/api/v1/lanes/" + lane + "/predict", "/v2/models/" + lane.replace('/', '~') + "/infer");
                asking.requireSame(kind.payload(SAMPLES));
                if (kind == LearningKind.LINEAR_PROBE) {
                    asking.requireSame(new Payload.TextPair("visit 1 was lovely", "and rude"));
                }
            } finally {
                role.stop();
                role.awaitEnd();
            }
        }
    }

    /** A caller of a lane: the paths of its predictions in both APIs. */
    private record Asking(ApiServer server, String predict, String infer) {
        void requireSame(Payload payload) throws Exception {
            List<JsonNode> answers = new ArrayList<>();
            List<JsonNode> labels = new ArrayList<>();
            if (payload instanceof Payload.Text text) {
                answers.add(json(Map.of("text", text.text())));
                answers.add(body("text/plain", utf8(text.text())));
                answers.add(form("text", "", utf8(text.text())));
                labels.add(infer(Map.of("text", text.text())));
            } else if (payload instanceof Payload.TextPair pair) {
                answers.add(json(Map.of("pair", List.of(pair.first(), pair.second()))));
                answers.add(json(Map.of("question", pair.first(), "context", pair.second())));
                labels.add(infer(Map.of("question", pair.first(), "context", pair.second())));
                labels.add(infer(Map.of("text", pair.first(), "second", pair.second())));
            } else if (payload instanceof Payload.Tensor tensor) {
                answers.add(json(Map.of("numbers", tensor.values())));
                answers.add(
                        json(Map.of("numbers", List.of(tensor.values()), "shape", List.of(tensor.values().length))));
                answers.add(form("numbers", "", MAPPER.writeValueAsBytes(tensor.values())));
                labels.add(numbers(tensor.values()));
            } else if (payload instanceof Payload.EncodedImage image) {
                answers.add(json(Map.of("image", base64(image.bytes()))));
                answers.add(body("image/bmp", image.bytes()));
                answers.add(form("image", "; filename=\"a.bmp\"", image.bytes()));
                labels.add(infer(Map.of("image", base64(image.bytes()))));
                labels.add(binary("image", image.bytes()));
            } else if (payload instanceof Payload.Waveform sound) {
                byte[] wav = TestSounds.wav(TestSounds.header(TestSounds.INTEGERS, 1, SAMPLE_RATE, 16), sound.bytes());
                answers.add(json(Map.of("audio", base64(sound.bytes()), "sampleRate", SAMPLE_RATE)));
                answers.add(json(Map.of("audio", base64(wav))));
                answers.add(body("audio/wav", wav));
                answers.add(form("audio", "; filename=\"a.wav\"", wav));
                labels.add(infer(Map.of("audio", base64(wav))));
                labels.add(binary("audio", wav));
            }
            assertThat(answers)
                    .hasSizeGreaterThan(1)
                    .allSatisfy(answer -> assertThat(answer).isEqualTo(answers.get(0)));
            JsonNode said = answers.get(0).get("prediction");
            String label = said.isTextual() ? said.asText() : said.toString();
            assertThat(labels)
                    .isNotEmpty()
                    .allSatisfy(one -> assertThat(one.asText()).isEqualTo(label));
        }

        /** An answer, without what differs between two requests. */
        private JsonNode answer(HttpResponse<String> response) throws Exception {
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return ((ObjectNode) MAPPER.readTree(response.body())).without(List.of("id", "at"));
        }

        private JsonNode json(Map<String, ?> fields) throws Exception {
            return body("application/json", MAPPER.writeValueAsBytes(fields));
        }

        private JsonNode body(String type, byte[] body) throws Exception {
            return answer(server.post(predict, type, BodyPublishers.ofByteArray(body)));
        }

        private JsonNode form(String name, String more, byte[] content) throws Exception {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes(
                    utf8("--limit\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n"));
            body.writeBytes(content);
            body.writeBytes(utf8("\r\n--limit--\r\n"));
            return body("multipart/form-data; boundary=limit", body.toByteArray());
        }

        private JsonNode infer(Map<String, String> inputs) throws Exception {
            List<Map<String, ?>> tensors = new ArrayList<>();
            inputs.forEach((name, element) -> tensors.add(
                    Map.of("name", name, "datatype", "BYTES", "shape", List.of(1), "data", List.of(element))));
            return label(server.post(infer, "application/json", MAPPER.writeValueAsString(Map.of("inputs", tensors))));
        }

        private JsonNode numbers(float[] numbers) throws Exception {
            Map<String, ?> tensor =
                    Map.of("name", "numbers", "datatype", "FP32", "shape", List.of(1, numbers.length), "data", numbers);
            return label(server.post(
                    infer, "application/json", MAPPER.writeValueAsString(Map.of("inputs", List.of(tensor)))));
        }

        private JsonNode binary(String name, byte[] file) throws Exception {
            Map<String, ?> tensor = Map.of(
                    "name",
                    name,
                    "datatype",
                    "BYTES",
                    "shape",
                    List.of(1),
                    "parameters",
                    Map.of("binary_data_size", Integer.BYTES + file.length));
            byte[] head = MAPPER.writeValueAsBytes(Map.of("inputs", List.of(tensor)));
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes(head);
            body.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(file.length)
                    .array());
            body.writeBytes(file);
            return label(server.send(server.request(infer)
                    .header("Inference-Header-Content-Length", Integer.toString(head.length))
                    .POST(BodyPublishers.ofByteArray(body.toByteArray()))));
        }

        private static JsonNode label(HttpResponse<String> response) throws Exception {
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return MAPPER.readTree(response.body())
                    .get("outputs")
                    .get(0)
                    .get("data")
                    .get(0);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
