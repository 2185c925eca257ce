package io.headwater.api.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.GrpcPredictV2.InferTensorContents;
import inference.GrpcPredictV2.ModelInferRequest;
import inference.GrpcPredictV2.ModelInferRequest.InferInputTensor;
import inference.GrpcPredictV2.ModelInferRequest.InferRequestedOutputTensor;
import inference.GrpcPredictV2.ModelInferResponse;
import inference.GrpcPredictV2.ModelInferResponse.InferOutputTensor;
import inference.GrpcPredictV2.ModelMetadataRequest;
import inference.GrpcPredictV2.ModelMetadataResponse;
import inference.GrpcPredictV2.ModelReadyRequest;
import inference.GrpcPredictV2.ServerLiveRequest;
import inference.GrpcPredictV2.ServerMetadataRequest;
import inference.GrpcPredictV2.ServerReadyRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.headwater.api.ApiServer;
import io.headwater.api.http.ApiLimits;
import io.headwater.online.TestDesk;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The protocol over gRPC, with stubs that others generated from its definition and published. */
@Timeout(60)
class GrpcClientTest {
    private static final String MODEL = "letters~shop";
    private static final int BODY_BYTES = 50_000;

    private static TestDesk desk;
    private static ApiServer server;
    private static ManagedChannel channel;
    private static GRPCInferenceServiceBlockingStub stub;

    @BeforeAll
    static void start() throws Exception {
        desk = new TestDesk(64);
        desk.serve("shop", 1);
        desk.serve("shop", 2);
        server = new ApiServer(desk, new ApiLimits(BODY_BYTES, 10 * BODY_BYTES, Duration.ofSeconds(20)));
        channel = channel(server);
        stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
    }

    private static ManagedChannel channel(ApiServer to) {
        return Grpc.newChannelBuilder("127.0.0.1:" + to.port(), InsecureChannelCredentials.create())
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        server.close();
        desk.close();
    }

    @Test
    void shouldDescribeTheServerAndItsModels() {
        assertThat(stub.serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
        assertThat(stub.serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                .isTrue();
        assertThat(stub.serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getVersion())
                .isEqualTo("1.2.3");
        assertThat(isReady("")).isTrue();
        assertThat(isReady("2")).isTrue();
        assertThat(isReady("1")).isFalse();

        ModelMetadataResponse model = stub.modelMetadata(
                ModelMetadataRequest.newBuilder().setName(MODEL).build());
        assertThat(model.getName()).isEqualTo(MODEL);
        assertThat(model.getVersionsList()).containsExactly("2");
        assertThat(model.getPlatform()).isEqualTo("headwater_text_classification");
        assertThat(model.getInputs(0).getDatatype()).isEqualTo("BYTES");
        assertThat(model.getInputs(0).getShapeList()).containsExactly(-1L);
        assertThat(model.getOutputsList())
                .extracting(ModelMetadataResponse.TensorMetadata::getName)
                .containsExactly("label", "classes", "probabilities");
    }

    private static boolean isReady(String version) {
        return stub.modelReady(ModelReadyRequest.newBuilder()
                        .setName(MODEL)
                        .setVersion(version)
                        .build())
                .getReady();
    }

    @Test
    void shouldInferRows() {
        ModelInferResponse answer =
                stub.modelInfer(texts("one", "two").setId("42").build());

        assertThat(answer.getModelName()).isEqualTo(MODEL);
        assertThat(answer.getModelVersion()).isEqualTo("2");
        assertThat(answer.getId()).isEqualTo("42");
        assertThat(answer.getParametersOrThrow("served_by").getStringParam()).isEqualTo("letters/shop");
        assertThat(strings(answer, "label")).containsExactly("v2", "v2");
        assertThat(strings(answer, "classes")).containsExactly("other", "v2");
        InferOutputTensor probabilities = output(answer, "probabilities");
        assertThat(probabilities.getDatatype()).isEqualTo("FP32");
        assertThat(probabilities.getShapeList()).containsExactly(2L, 2L);
        assertThat(probabilities.getContents().getFp32ContentsList()).hasSize(4);
        assertThat(answer.getRawOutputContentsCount()).isZero();

        ModelInferResponse first = stub.modelInfer(
                texts("one").setModelVersion("1").addOutputs(wanted("label")).build());
        assertThat(first.getModelVersion()).isEqualTo("1");
        assertThat(first.getOutputsList()).hasSize(1);
        assertThat(strings(first, "label")).containsExactly("v1");
    }

    @Test
    void shouldTakeAndGiveRawContents() {
        ModelInferResponse answer = stub.modelInfer(ModelInferRequest.newBuilder()
                .setModelName(MODEL)
                .addInputs(InferInputTensor.newBuilder()
                        .setName("text")
                        .setDatatype("BYTES")
                        .addShape(2))
                .addRawInputContents(raw("first", "s\u00e9cond"))
                .addOutputs(wanted("label"))
                .addOutputs(wanted("probabilities"))
                .build());

        assertThat(answer.getOutputsList())
                .extracting(InferOutputTensor::getName)
                .containsExactly("label", "probabilities");
        assertThat(answer.getOutputs(0).hasContents()).isFalse();
        assertThat(answer.getRawOutputContents(0)).isEqualTo(raw("v2", "v2"));
        ByteBuffer floats =
                answer.getRawOutputContents(1).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        assertThat(floats.remaining()).isEqualTo(4 * Float.BYTES);
        assertThat(floats.getFloat() + floats.getFloat()).isBetween(0.99f, 1.01f);
    }

    /** The adaptation of this test reads texts only, which it says of numbers of every type when they have arrived. */
    @Test
    void shouldReadNumbersOfEveryType() {
        List<InferTensorContents> all = List.of(
                InferTensorContents.newBuilder()
                        .addFp32Contents(1)
                        .addFp32Contents(2)
                        .build(),
                InferTensorContents.newBuilder()
                        .addFp64Contents(1)
                        .addFp64Contents(2)
                        .build(),
                InferTensorContents.newBuilder()
                        .addIntContents(1)
                        .addIntContents(-2)
                        .build(),
                InferTensorContents.newBuilder()
                        .addInt64Contents(1)
                        .addInt64Contents(-2)
                        .build(),
                InferTensorContents.newBuilder()
                        .addUintContents(1)
                        .addUintContents(2)
                        .build());
        List<String> types = List.of("FP32", "FP64", "INT16", "INT64", "UINT8");
        for (int i = 0; i < types.size(); i++) {
            assertFault(request("numbers", types.get(i), all.get(i), 1, 2), Code.INVALID_ARGUMENT, "a text");
        }
    }

    @Test
    void shouldRefuseWhatIsNoRequestWithTheStatusOfItsFault() {
        InferTensorContents one = contents("a");
        assertFault(texts("a").setModelName("shop"), Code.NOT_FOUND, "must be ADAPTATION~DOMAIN");
        assertFault(texts("a").setModelName("nobody~shop"), Code.NOT_FOUND, "does not run");
        assertFault(texts("a").setModelName("letters~bank"), Code.NOT_FOUND, "no version of adaptation");
        assertFault(texts("a").setModelVersion("9"), Code.NOT_FOUND, "no version 9");
        assertFault(texts("a").setModelVersion("x"), Code.INVALID_ARGUMENT, "positive integer");
        assertFault(texts("a", ""), Code.INVALID_ARGUMENT, "row 1: a text must not be empty");
        assertFault(ModelInferRequest.newBuilder().setModelName(MODEL), Code.INVALID_ARGUMENT, "must have inputs");
        assertFault(request("text", "BYTES", one, 2), Code.INVALID_ARGUMENT, "product of its shape");
        assertFault(request("text", "BYTES", one, -1), Code.INVALID_ARGUMENT, "integers from 0");
        assertFault(request("text", "STRING", one, 1), Code.INVALID_ARGUMENT, "one of the datatypes");
        assertFault(request("text", "FP32", one, 1), Code.INVALID_ARGUMENT, "must be numbers");
        assertFault(request("words", "BYTES", one, 1), Code.INVALID_ARGUMENT, "the inputs must be one of");
        assertFault(texts("a").addOutputs(wanted("logits")), Code.INVALID_ARGUMENT, "does not have all outputs");
        assertFault(texts("a").addRawInputContents(raw("a")), Code.INVALID_ARGUMENT, "has both");
        assertFault(
                texts("a").clearInputs().addInputs(InferInputTensor.newBuilder().setName("text")),
                Code.INVALID_ARGUMENT,
                "has none");
        assertFault(
                texts(IntStream.range(0, 65).mapToObj(i -> "a").toArray(String[]::new)),
                Code.INVALID_ARGUMENT,
                "1 to 64 rows");
        assertFault(texts("x".repeat(BODY_BYTES)), Code.INVALID_ARGUMENT, "at most 50000 bytes");
        ModelInferRequest.Builder many = texts("a");
        IntStream.range(0, 16).forEach(i -> many.addInputs(many.getInputs(0)));
        assertFault(many, Code.INVALID_ARGUMENT, "at most 16 inputs");
    }

    @Test
    void shouldNameTheReasonThatADeadLetterWouldHave() {
        assertThatThrownBy(() -> stub.modelInfer(texts("").build()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        fault -> assertThat(fault.getTrailers()
                                        .get(Metadata.Key.of("headwater-reason", Metadata.ASCII_STRING_MARSHALLER)))
                                .isEqualTo("BAD_PAYLOAD"));
    }

    @Test
    void shouldRefuseCompressedMessagesAndUnknownCalls() {
        assertThatThrownBy(() -> stub.withCompression("gzip")
                        .modelInfer(texts("a".repeat(2000)).build()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        fault -> assertThat(fault.getStatus().getCode()).isEqualTo(Code.UNIMPLEMENTED));
    }

    @Test
    void shouldRefuseHostNamesThatItDoesNotKnow() throws Exception {
        ManagedChannel foreign = Grpc.newChannelBuilder(
                        "127.0.0.1:" + server.port(), InsecureChannelCredentials.create())
                .overrideAuthority("evil.example")
                .build();
        try {
            assertThatThrownBy(() -> GRPCInferenceServiceGrpc.newBlockingStub(foreign)
                            .serverLive(ServerLiveRequest.getDefaultInstance()))
                    .hasMessageStartingWith("PERMISSION_DENIED: ")
                    .hasMessageContaining("sent to 'evil.example'; add the name to HEADWATER_HTTP_HOSTS");
        } finally {
            foreign.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldTurnCallsAwayThatItCannotAnswerInTime() throws Exception {
        try (TestDesk busy = new TestDesk(1);
                ApiServer at = new ApiServer(busy, new ApiLimits(BODY_BYTES, BODY_BYTES, Duration.ofSeconds(20)))) {
            ManagedChannel to = channel(at);
            try {
                GRPCInferenceServiceBlockingStub calls = GRPCInferenceServiceGrpc.newBlockingStub(to);
                busy.serve("shop", 1);
                busy.hold();
                var first = GRPCInferenceServiceGrpc.newFutureStub(to)
                        .modelInfer(texts("a").build());
                busy.awaitTaken();

                // One of the next waits until its time is over, and then there is no place for another.
                Code next = Code.DEADLINE_EXCEEDED;
                while (next == Code.DEADLINE_EXCEEDED) {
                    next = code(() -> calls.withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                            .modelInfer(texts("a").build()));
                }
                assertThat(next).isEqualTo(Code.RESOURCE_EXHAUSTED);
                busy.release();
                assertThat(first.get(30, TimeUnit.SECONDS).getModelVersion()).isEqualTo("1");

                busy.shut("the service stops");
                assertThat(code(() -> calls.modelInfer(texts("a").build()))).isEqualTo(Code.UNAVAILABLE);
            } finally {
                to.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
            }
        }
    }

    private static Code code(Runnable call) {
        try {
            call.run();
            return Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    private static ModelInferRequest.Builder texts(String... texts) {
        return request("text", "BYTES", contents(texts), texts.length);
    }

    private static InferTensorContents contents(String... texts) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        for (String text : texts) {
            contents.addBytesContents(ByteString.copyFromUtf8(text));
        }
        return contents.build();
    }

    private static ModelInferRequest.Builder request(
            String name, String datatype, InferTensorContents contents, long... shape) {
        InferInputTensor.Builder input = InferInputTensor.newBuilder()
                .setName(name)
                .setDatatype(datatype)
                .setContents(contents);
        for (long size : shape) {
            input.addShape(size);
        }
        return ModelInferRequest.newBuilder().setModelName(MODEL).addInputs(input);
    }

    private static InferRequestedOutputTensor wanted(String name) {
        return InferRequestedOutputTensor.newBuilder().setName(name).build();
    }

    private static ByteString raw(String... texts) {
        ByteString all = ByteString.EMPTY;
        for (String text : texts) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            ByteBuffer length =
                    ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(utf8.length);
            all = all.concat(ByteString.copyFrom(length.array())).concat(ByteString.copyFrom(utf8));
        }
        return all;
    }

    private static InferOutputTensor output(ModelInferResponse answer, String name) {
        return answer.getOutputsList().stream()
                .filter(output -> output.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> strings(ModelInferResponse answer, String name) {
        return output(answer, name).getContents().getBytesContentsList().stream()
                .map(ByteString::toStringUtf8)
                .toList();
    }

    private static void assertFault(ModelInferRequest.Builder request, Code code, String message) {
        assertThatThrownBy(() -> stub.modelInfer(request.build()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, fault -> {
                    assertThat(fault.getStatus().getCode()).as(fault.toString()).isEqualTo(code);
                    assertThat(fault.getStatus().getDescription()).contains(message);
                });
    }
}
