package io.headwater.api.inference;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.api.http.Caller;
import io.headwater.api.http.Desks;
import io.headwater.api.http.Problem;
import io.headwater.api.http.Responses;
import io.headwater.domain.Lane;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.domain.VersionRef;
import io.headwater.online.Desk;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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

    private final Desks desks;
    private final Caller caller;
    private final String release;

    /** A lane of a desk, and the version that was asked for; null for the one that serves. */
    private record Model(Desk desk, String domain, @Nullable Long version) {
        String name() {
            return LaneNames.of(desk.adaptation().name(), domain);
        }
    }

    /** A request that can be asked. */
    private record Prepared(InferRequest infer, List<Request> requests) {}

    /**
     * Creates routes to {@code desks}.
     *
     * @param caller writes problems with {@link #problem}
     * @param release the version of this program
     */
    public InferenceRoutes(Desks desks, Caller caller, String release) {
        this.desks = desks;
        this.caller = caller;
        this.release = release;
    }

    /** Adds them to a router. */
    public void mount(Router router) {
        get(router, "/v2", context -> Responses.ok(context, server()));
        get(
                router,
                "/v2/health/live",
                context -> Responses.ok(context, JSON.objectNode().put("live", true)));
        get(router, "/v2/health/ready", this::ready);
        get(router, "/v2/models", context -> Responses.ok(context, models()));
        for (String path : List.of(MODEL, VERSION)) {
            get(router, path, this::metadata);
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
        ObjectNode server = JSON.objectNode().put("name", "headwater").put("version", release);
        server.putArray("extensions").add("binary_tensor_data");
        return server;
    }

    private void ready(RoutingContext context) {
        List<Desk> all = desks.all();
        boolean ready =
                !all.isEmpty() && all.stream().allMatch(desk -> desk.waits().isEmpty());
        Responses.json(context, ready ? 200 : 503, JSON.objectNode().put("ready", ready));
    }

    private ObjectNode models() {
        ObjectNode models = JSON.objectNode();
        ArrayNode names = models.putArray("models");
        desks.all().stream()
                .flatMap(desk -> desk.serving().keySet().stream()
                        .map(domain -> LaneNames.of(desk.adaptation().name(), domain)))
                .sorted()
                .forEach(names::add);
        return models;
    }

    private void metadata(RoutingContext context) {
        Model model = model(context);
        long serving = serving(model).number();
        Long version = model.version();
        Responses.ok(context, ModelMetadata.of(model.name(), version == null ? serving : version, model.desk()));
    }

    private void modelReady(RoutingContext context) {
        Model model = model(context);
        long serving = serving(model).number();
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
                body -> prepare(model, InferReader.read(body, jsonLength(length, body))),
                prepared -> caller.ask(
                        context,
                        model.desk(),
                        model.domain(),
                        model.version(),
                        prepared.requests(),
                        answered -> answer(context, model, prepared.infer(), answered.outcomes())));
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

    private static Prepared prepare(Model model, InferRequest infer) {
        List<Payload> payloads = InputRows.of(infer.inputs());
        List<Request> requests = new ArrayList<>();
        for (int row = 0; row < payloads.size(); row++) {
            String id = infer.id() != null && payloads.size() == 1
                    ? infer.id()
                    : UUID.randomUUID().toString();
            Outcome<Request> checked = model.desk()
                    .check(new Request(
                            id,
                            payloads.get(row),
                            Instant.now(),
                            model.desk().adaptation().name()));
            requests.add(orProblem(checked, row, payloads.size()));
        }
        return new Prepared(infer, requests);
    }

    private static <T> T orProblem(Outcome<T> outcome, int row, int rows) {
        if (outcome instanceof Outcome.Rejected<T> rejected) {
            Problem problem = Problem.of(rejected.rejection());
            throw (rows == 1 ? problem : problem.in("row " + row)).raised();
        }
        return ((Outcome.Ok<T>) outcome).value();
    }

    private static void answer(
            RoutingContext context, Model model, InferRequest infer, List<Outcome<Prediction>> outcomes) {
        List<Prediction> predictions = new ArrayList<>();
        for (int row = 0; row < outcomes.size(); row++) {
            predictions.add(orProblem(outcomes.get(row), row, outcomes.size()));
        }
        ObjectNode json = JSON.objectNode()
                .put("model_name", model.name())
                .put("model_version", Long.toString(predictions.get(0).version().number()));
        if (infer.id() != null) {
            json.put("id", infer.id());
        }
        json.putObject("parameters")
                .put("served_by", predictions.get(0).version().lane().key());
        ArrayNode outputs = json.putArray("outputs");
        ByteArrayOutputStream binary = new ByteArrayOutputStream();
        for (OutputTensor output : Outputs.of(predictions)) {
            if (!infer.wants(output.name())) {
                continue;
            }
            ObjectNode described = output.describe(outputs.addObject());
            if (infer.wantsBinary(output.name())) {
                byte[] bytes = output.binary();
                described.putObject("parameters").put("binary_data_size", bytes.length);
                binary.writeBytes(bytes);
            } else {
                output.write(described.putArray("data"));
            }
        }
        requireKnown(infer, outputs);
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

    private static void requireKnown(InferRequest infer, ArrayNode outputs) {
        if (infer.outputs() != null && outputs.size() < infer.outputs().size()) {
            throw Problem.malformed(
                            "the answer does not have all outputs of %s; the metadata of the model says which there are"
                                    .formatted(infer.outputs().keySet()))
                    .raised();
        }
    }

    private Model model(RoutingContext context) {
        String name = context.pathParam("model");
        Lane lane = LaneNames.parse(name)
                .orElseThrow(() -> Problem.of(
                                404,
                                "Unknown model",
                                "the name of a model must be ADAPTATION~DOMAIN, with other bytes than A-Z a-z 0-9 . _ - of the domain as ~ and two hexadecimal digits, but is '%s'"
                                        .formatted(name))
                        .raised());
        Desk desk = desks.of(lane.adaptation())
                .orElseThrow(() -> Problem.of(
                                404,
                                "Unknown model",
                                "adaptation '%s' does not run in this process".formatted(lane.adaptation()))
                        .raised());
        String version = context.pathParam("version");
        return new Model(desk, lane.domain(), version == null ? null : Caller.version(version));
    }

    private static VersionRef serving(Model model) {
        VersionRef own = model.desk().serving().get(model.domain());
        String source = model.desk().adaptation().source();
        VersionRef serving =
                own == null && source != null ? model.desk().serving().get(source) : own;
        if (serving == null) {
            throw Problem.of(404, "Unknown model", "no version serves model '%s' yet".formatted(model.name()))
                    .raised();
        }
        return serving;
    }
}
