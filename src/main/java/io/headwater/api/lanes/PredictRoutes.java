package io.headwater.api.lanes;

import io.headwater.api.http.Caller;
import io.headwater.api.http.Problem;
import io.headwater.api.http.Responses;
import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.online.CallResult.Answered;
import io.headwater.online.Desk;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Predictions for what people have: {@code POST /api/v1/lanes/ADAPTATION/DOMAIN/predict}. */
public final class PredictRoutes {
    private static final String PREDICT = "/api/v1/lanes/:adaptation/:domain/predict";

    private final LanePaths paths;
    private final Caller caller;

    /** Creates routes to the lanes of {@code paths}. */
    public PredictRoutes(LanePaths paths, Caller caller) {
        this.paths = paths;
        this.caller = caller;
    }

    /** Adds them to a router. */
    public void mount(Router router) {
        router.route(HttpMethod.POST, PREDICT).handler(context -> caller.guard(context, () -> predict(context)));
        LanePaths.onlyPost(router, PREDICT);
    }

    private void predict(RoutingContext context) {
        Desk desk = paths.desk(context);
        String domain = LanePaths.domain(context);
        String named = context.request().getParam("version");
        Long version = named == null ? null : Caller.version(named);
        String id = context.request().getParam("id");
        String contentType = context.request().getHeader("Content-Type");
        caller.receive(
                context,
                body -> request(desk, id, Inputs.read(contentType, body)),
                request -> caller.ask(
                        context,
                        desk,
                        domain,
                        version,
                        List.of(request),
                        answered -> answer(context, desk.adaptation().name(), answered)));
    }

    private static void answer(RoutingContext context, String adaptation, Answered answered) {
        Outcome<Prediction> outcome = answered.outcomes().get(0);
        if (outcome instanceof Outcome.Rejected<Prediction> rejected) {
            Responses.problem(context, Problem.of(rejected.rejection()));
        } else {
            Responses.ok(context, PredictionJson.of(adaptation, ((Outcome.Ok<Prediction>) outcome).value()));
        }
    }

    private static Request request(Desk desk, @Nullable String id, InputBuilder.Input input) {
        if (id != null && input.id() != null) {
            throw Problem.malformed("id must be given once, but is in the query and in the body")
                    .raised();
        }
        String given = id != null ? id : input.id();
        Request request = new Request(
                given == null ? UUID.randomUUID().toString() : given,
                input.payload(),
                Instant.now(),
                desk.adaptation().name());
        Outcome<Request> checked = desk.check(request);
        if (checked instanceof Outcome.Rejected<Request> rejected) {
            throw Problem.of(rejected.rejection()).raised();
        }
        return ((Outcome.Ok<Request>) checked).value();
    }
}
