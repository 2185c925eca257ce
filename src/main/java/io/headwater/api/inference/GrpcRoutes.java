package io.headwater.api.inference;

import io.headwater.api.http.Caller;
import io.headwater.api.http.Problem;
import io.headwater.api.inference.InferMessage.Named;
import io.headwater.api.inference.Models.Model;
import io.headwater.domain.Request;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Open Inference Protocol, version 2, over gRPC, on the port of everything else. All its calls are unary, so that a call is one
 * request of HTTP/2, which has the limits of all others; see {@link GrpcFrames}.
 */
public final class GrpcRoutes {
    /** The paths of all calls. */
    public static final String PATHS = "/inference.GRPCInferenceService/";

    private static final String TIMEOUT = "grpc-timeout";

    private final Models models;
    private final Caller caller;

    /** A model that is asked for; the version is empty for the one that serves. */
    private record Query(String name, String version) {
        static Query read(ByteBuffer message) {
            String[] fields = {"", ""};
            ProtoReader.read(message, (in, tag) -> {
                int field = ProtoReader.number(tag);
                if (tag != ProtoReader.text(field) || field > fields.length) {
                    return false;
                }
                fields[field - 1] = in.readStringRequireUtf8();
                return true;
            });
            return new Query(fields[0], fields[1]);
        }
    }

    /** A request that can be asked. */
    private record Prepared(Model model, InferRequest infer, List<Request> requests) {}

    private interface Answering {
        ProtoWriter answer(ByteBuffer message);
    }

    /**
     * Creates routes to {@code models}.
     *
     * @param caller writes problems with {@link GrpcFrames#problem}
     */
    public GrpcRoutes(Models models, Caller caller) {
        this.models = models;
        this.caller = caller;
    }

    /** Adds them to a router. */
    public void mount(Router router) {
        router.route(PATHS + ":method").handler(context -> caller.guard(context, () -> call(context)));
    }

    private void call(RoutingContext context) {
        requireGrpc(context.request());
        switch (context.pathParam("method")) {
            case "ServerLive" -> reply(context, message -> new ProtoWriter().flag(1, true));
            case "ServerReady" -> reply(context, message -> new ProtoWriter().flag(1, models.areReady()));
            case "ServerMetadata" -> reply(context, message -> server());
            case "ModelReady" -> reply(context, message -> ready(Query.read(message)));
            case "ModelMetadata" -> reply(context, message -> metadata(Query.read(message)));
            case "RepositoryIndex" -> reply(context, message -> index());
            case "ModelInfer" -> infer(context);
            default ->
                throw Problem.of(
                                501,
                                "Unknown call",
                                "the service has no call '%s'".formatted(context.pathParam("method")))
                        .raised();
        }
    }

    private static void requireGrpc(HttpServerRequest request) {
        String type = request.getHeader("Content-Type");
        if (request.method() != HttpMethod.POST
                || request.version() != HttpVersion.HTTP_2
                || type == null
                || !type.startsWith(GrpcFrames.MEDIA_TYPE)) {
            throw Problem.of(
                            415,
                            "No gRPC",
                            "calls must be POST requests of HTTP/2 with the content type %s, but this one is %s with %s and '%s'"
                                    .formatted(GrpcFrames.MEDIA_TYPE, request.method(), request.version(), type))
                    .raised();
        }
    }

    private void reply(RoutingContext context, Answering answering) {
        caller.receive(
                context,
                body -> answering.answer(GrpcFrames.message(body)),
                answer -> GrpcFrames.send(context, answer.toBytes()));
    }

    private ProtoWriter server() {
        return new ProtoWriter().text(1, Models.SERVER).text(2, models.release());
    }

    private ProtoWriter ready(Query query) {
        Model model = models.of(query.name(), query.version());
        Long version = model.version();
        long serving = Models.serving(model).number();
        return new ProtoWriter().flag(1, version == null || version == serving);
    }

    private ProtoWriter metadata(Query query) {
        ModelMetadata metadata = Models.metadata(models.of(query.name(), query.version()));
        ProtoWriter message = new ProtoWriter()
                .text(1, metadata.name())
                .element(2, Long.toString(metadata.version()))
                .text(3, metadata.platform());
        metadata.inputs().forEach(input -> message.message(4, tensor(input)));
        metadata.outputs().forEach(output -> message.message(5, tensor(output)));
        return message;
    }

    private static ProtoWriter tensor(ModelMetadata.Tensor tensor) {
        return new ProtoWriter()
                .text(1, tensor.name())
                .text(2, tensor.datatype())
                .integers(3, tensor.shape());
    }

    private ProtoWriter index() {
        ProtoWriter message = new ProtoWriter();
        models.serving()
                .forEach(one -> message.message(
                        1,
                        new ProtoWriter()
                                .text(1, one.name())
                                .text(2, Long.toString(one.version()))
                                .text(3, Models.READY)));
        return message;
    }

    private void infer(RoutingContext context) {
        Duration timeout = GrpcFrames.timeout(context.request().getHeader(TIMEOUT));
        caller.receive(
                context,
                body -> prepare(InferMessage.read(GrpcFrames.message(body))),
                prepared -> caller.ask(
                        context,
                        prepared.model().desk(),
                        prepared.model().domain(),
                        prepared.model().version(),
                        prepared.requests(),
                        timeout,
                        answered -> {
                            InferAnswer answer =
                                    InferAnswer.of(prepared.model(), prepared.infer(), answered.outcomes());
                            GrpcFrames.send(
                                    context, message(answer, prepared.infer()).toBytes());
                        }));
    }

    private Prepared prepare(Named named) {
        Model model = models.of(named.model(), named.version());
        return new Prepared(model, named.infer(), InferAnswer.requests(model, named.infer()));
    }

    private static ProtoWriter message(InferAnswer answer, InferRequest infer) {
        ProtoWriter message = new ProtoWriter()
                .text(1, answer.model())
                .text(2, Long.toString(answer.version()))
                .text(3, idOf(infer.id()))
                .message(
                        4,
                        new ProtoWriter()
                                .text(1, "served_by")
                                .message(2, new ProtoWriter().element(3, answer.servedBy())));
        for (OutputTensor output : answer.outputs()) {
            ProtoWriter tensor = new ProtoWriter()
                    .text(1, output.name())
                    .text(2, output.datatype())
                    .integers(3, output.shape());
            if (!infer.binary()) {
                tensor.message(5, contents(output));
            }
            message.message(5, tensor);
        }
        if (infer.binary()) {
            answer.outputs().forEach(output -> message.element(6, output.binary()));
        }
        return message;
    }

    private static String idOf(@Nullable String id) {
        return id == null ? "" : id;
    }

    private static ProtoWriter contents(OutputTensor output) {
        ProtoWriter contents = new ProtoWriter();
        if (output instanceof OutputTensor.Texts texts) {
            texts.elements().forEach(text -> contents.element(8, text));
        } else if (output instanceof OutputTensor.Floats floats) {
            contents.floats(6, floats.elements());
        }
        return contents;
    }
}
