package io.headwater.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import client.ApiClient;
import client.ApiException;
import client.DefaultApi;
import client.model.InferInput;
import client.model.InferOutput;
import client.model.InferRequest;
import client.model.InferResponse;
import client.model.InferredTensor;
import client.model.Input;
import client.model.ModelMetadata;
import client.model.Prediction;
import client.model.ServerMetadata;
import client.model.TensorMetadata;
import io.headwater.api.http.ApiLimits;
import io.headwater.online.TestDesk;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The prediction API over REST, with a client that OpenAPI Generator makes of schemas/openapi.yaml in each build. */
@Timeout(60)
class GeneratedClientTest {
    private static final String MODEL = "letters~shop";

    private static TestDesk desk;
    private static ApiServer server;
    private static DefaultApi client;

    @BeforeAll
    static void start() throws Exception {
        desk = new TestDesk(64);
        desk.serve("shop", 1);
        desk.serve("shop", 2);
        server = new ApiServer(desk, new ApiLimits(50_000, 500_000, Duration.ofSeconds(20)));
        ApiClient connection = new ApiClient();
        connection.updateBaseUri("http://127.0.0.1:" + server.port());
        client = new DefaultApi(connection);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        desk.close();
    }

    @Test
    void shouldListAndDescribeModels() throws Exception {
        ServerMetadata metadata = client.serverMetadata();
        assertThat(metadata.getName()).isEqualTo("headwater");
        assertThat(metadata.getExtensions()).containsExactly("binary_tensor_data");
        assertThat(client.serverLive().getLive()).isTrue();
        assertThat(client.serverReady().getReady()).isTrue();
        assertThat(client.models().getModels()).containsExactly(MODEL);
        assertThat(client.versionReady(MODEL, 2L).getReady()).isTrue();

        ModelMetadata model = client.modelMetadata(MODEL);
        assertThat(model.getName()).isEqualTo(MODEL);
        assertThat(model.getVersions()).containsExactly("2");
        assertThat(model.getInputs())
                .extracting(TensorMetadata::getName, TensorMetadata::getDatatype, TensorMetadata::getShape)
                .containsExactly(tuple("text", "BYTES", List.of(-1L)));
        assertThat(model.getOutputs())
                .extracting(TensorMetadata::getName)
                .containsExactly("label", "classes", "probabilities");
    }

    @Test
    void shouldInferRowsByTheVersionThatIsNamed() throws Exception {
        assertThat(client.modelInfer(MODEL, texts("a")).getModelVersion()).isEqualTo("2");
        for (long version : List.of(1L, 2L)) {
            InferResponse answer = client.versionInfer(MODEL, version, texts("a", "b"));

            assertThat(answer.getModelName()).isEqualTo(MODEL);
            assertThat(answer.getModelVersion()).isEqualTo(Long.toString(version));
            assertThat(answer.getId()).isEqualTo("q-1");
            assertThat(answer.getParameters().getServedBy()).isEqualTo("letters/shop");
            InferredTensor label = answer.getOutputs().get(0);
            assertThat(label.getName()).isEqualTo("label");
            assertThat(label.getShape()).containsExactly(2L);
            assertThat(label.getData()).containsExactly("v" + version, "v" + version);
        }
        InferRequest chosen = texts("a").addOutputsItem(new InferOutput().name("probabilities"));
        assertThat(client.modelInfer(MODEL, chosen).getOutputs())
                .extracting(InferredTensor::getName, InferredTensor::getShape)
                .containsExactly(tuple("probabilities", List.of(1L, 2L)));
    }

    @Test
    void shouldPredictForWhatPeopleHave() throws Exception {
        Prediction prediction = client.predict("letters", "shop", new Input().text("a"), null, null);

        assertThat(prediction.getLane()).isEqualTo("letters/shop");
        assertThat(prediction.getPrediction()).isEqualTo("v2");
        assertThat(prediction.getVersion()).isEqualTo(2);
    }

    @Test
    void shouldTellTheClientWhatIsWrong() {
        assertThatThrownBy(() -> client.versionInfer(MODEL, 9L, texts("a")))
                .isInstanceOfSatisfying(ApiException.class, fault -> {
                    assertThat(fault.getCode()).isEqualTo(404);
                    assertThat(fault.getResponseBody()).contains("\"error\":", "no version 9");
                });
        assertThatThrownBy(() -> client.modelInfer(MODEL, texts("")))
                .isInstanceOfSatisfying(ApiException.class, fault -> {
                    assertThat(fault.getCode()).isEqualTo(422);
                    assertThat(fault.getResponseBody()).contains("a text must not be empty");
                });
    }

    private static InferRequest texts(String... texts) {
        return new InferRequest()
                .id("q-1")
                .addInputsItem(new InferInput()
                        .name("text")
                        .datatype("BYTES")
                        .addShapeItem((long) texts.length)
                        .data(List.of((Object[]) texts)));
    }
}
