package io.headwater.api.inference;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.api.http.Caller;
import io.headwater.api.http.Problem;
import io.headwater.api.http.Responses;
import io.headwater.api.inference.Models.Model;
import io.headwater.domain.Request;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The Open Inference Protocol, version 2, over REST, with the extension for binary tensor data. A model is a lane; see
 * {@link LaneNames} for its name.
 */
public final class InferenceRoutes {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String MODEL = "/v2/models/:model";
    private static final String VERSION = MODEL + "/versions/:version";
    private static final String JSON_LENGTH = "Inference-Header-Content-Length";

    private final Models models;
    private final Caller caller;

    /** A request that can be asked. */
    private record Prepared(InferRequest infer, List<Request> requests) {}

    /**
     * Creates routes to {@code models}.
     *
     * @param caller writes problems with {@link #problem}
     */
    public InferenceRoutes(Models models, Caller caller) {
        this.models = models;
        this.caller = caller;
    }

    /** Adds them to a router. */
    public void mount(Router router) {
        get(router, "/v2", context -> Responses.ok(context, server()));
        get(
                router,
                "/v2/health/live",
                context -> Responses.ok(context, JSON.objectNode().put("live", true)));
        get(router, "/v2/health/ready", this::ready);
        get(router, "/v2/models", context -> Responses.ok(context, names()));
        for (String path : List.of(MODEL, VERSION)) {
            get(
                    router,
                    path,
                    context -> Responses.ok(
                            context, Models.metadata(model(context)).json()));
            get(router, path + "/ready", this::modelReady);
            router.route(HttpMethod.POST, path + "/infer")
                    .handler(context -> caller.guard(context, () -> infer(context)));
        }
        router.route("/v2/*")
                .handler(context -> problem(
                        context,
                        Problem.of(
                                404,
                                "Unknown path",
                                "the protocol has no %s %s"
                                        .formatted(context.request().method(), context.normalizedPath()))));
    }

    /** Writes a problem as the protocol has it. */
    public static void problem(RoutingContext context, Problem problem) {
        ObjectNode error = JSON.objectNode().put("error", problem.detail());
        if (problem.reason() != null) {
            error.put("reason", problem.reason().name());
        }
        Responses.error(context, problem, error);
    }

    private void get(Router router, String path, Consumer<RoutingContext> handler) {
        router.route(HttpMethod.GET, path).handler(context -> caller.guard(context, () -> handler.accept(context)));
    }

    private ObjectNode server() {
        ObjectNode server = JSON.objectNode().put("name", Models.SERVER).put("version", models.release());
        server.putArray("extensions").add("binary_tensor_data");
        return server;
    }

    private void ready(RoutingContext context) {
        boolean ready = models.areReady();
        Responses.json(context, ready ? 200 : 503, JSON.objectNode().put("ready", ready));
    }

    private ObjectNode names() {
        ObjectNode json = JSON.objectNode();
        ArrayNode names = json.putArray("models");
        models.serving().forEach(one -> names.add(one.name()));
        return json;
    }

    private Model model(RoutingContext context) {
        return models.of(context.pathParam("model"), context.pathParam("version"));
    }

    private void modelReady(RoutingContext context) {
        Model model = model(context);
        long serving = Models.serving(model).number();
        Long version = model.version();
        if (version != null && version != serving) {
            throw Problem.of(
                            404,
                            "Not ready",
                            "version %d of model '%s' does not serve, version %d does; a request loads it if it is in the store"
                                    .formatted(version, model.name(), serving))
                    .raised();
        }
        Responses.ok(context, JSON.objectNode().put("name", model.name()).put("ready", true));
    }

    private void infer(RoutingContext context) {
        Model model = model(context);
        String length = context.request().getHeader(JSON_LENGTH);
        caller.receive(
                context,
                body -> {
                    InferRequest infer = InferReader.read(body, jsonLength(length, body));
                    return new Prepared(infer, InferAnswer.requests(model, infer));
                },
                prepared -> caller.ask(
                        context,
                        model.desk(),
                        model.domain(),
                        model.version(),
                        prepared.requests(),
                        answered -> answer(
                                context,
                                InferAnswer.of(model, prepared.infer(), answered.outcomes()),
                                prepared.infer())));
    }

    private static int jsonLength(@Nullable String header, byte[] body) {
        if (header == null) {
            return body.length;
        }
        try {
            int length = Integer.parseInt(header.trim());
            if (length > 0 && length <= body.length) {
                return length;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw Problem.malformed("%s must be a length from 1 to that of the body, %d, but is '%s'"
                        .formatted(JSON_LENGTH, body.length, header))
                .raised();
    }

    private static void answer(RoutingContext context, InferAnswer answer, InferRequest infer) {
        ObjectNode json = JSON.objectNode()
                .put("model_name", answer.model())
                .put("model_version", Long.toString(answer.version()));
        if (infer.id() != null) {
            json.put("id", infer.id());
        }
        json.putObject("parameters").put("served_by", answer.servedBy());
        ArrayNode outputs = json.putArray("outputs");
        ByteArrayOutputStream binary = new ByteArrayOutputStream();
        for (OutputTensor output : answer.outputs()) {
            ObjectNode described = output.describe(outputs.addObject());
            if (infer.wantsBinary(output.name())) {
                byte[] bytes = output.binary();
                described.putObject("parameters").put("binary_data_size", bytes.length);
                binary.writeBytes(bytes);
            } else {
                output.write(described.putArray("data"));
            }
        }
        if (binary.size() == 0) {
            Responses.ok(context, json);
        } else {
            byte[] head = Responses.bytes(json);
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes(head);
            body.writeBytes(binary.toByteArray());
            context.response().putHeader(JSON_LENGTH, Integer.toString(head.length));
            Responses.send(context, 200, "application/octet-stream", body.toByteArray());
        }
    }
}
