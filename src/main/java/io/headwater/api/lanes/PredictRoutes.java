package io.headwater.api.lanes;

import io.headwater.api.http.Caller;
import io.headwater.api.http.Desks;
import io.headwater.api.http.Problem;
import io.headwater.api.http.Responses;
import io.headwater.domain.Lane;
import io.headwater.domain.Outcome;
import io.headwater.domain.Prediction;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
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

    private final Desks desks;
    private final Caller caller;

    /** Creates routes to {@code desks}. */
    public PredictRoutes(Desks desks, Caller caller) {
        this.desks = desks;
        this.caller = caller;
    }

    /** Adds them to a router. */
    public void mount(Router router) {
        router.route(HttpMethod.POST, PREDICT).handler(context -> caller.guard(context, () -> predict(context)));
        router.route(PREDICT).handler(context -> {
            context.response().putHeader("Allow", "POST");
            Responses.problem(
                    context,
                    Problem.of(
                            405,
                            "Method not allowed",
                            "predictions must be requested with POST, but this is "
                                    + context.request().method()));
        });
    }

    private void predict(RoutingContext context) {
        Desk desk = desk(context.pathParam("adaptation"));
        String domain = domain(context.pathParam("domain"));
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

    private Desk desk(String adaptation) {
        return desks.of(adaptation)
                .orElseThrow(() -> Problem.of(
                                404,
                                "Unknown adaptation",
                                "adaptation '%s' does not run in this process; those that do are %s"
                                        .formatted(adaptation, names()))
                        .raised());
    }

    private List<String> names() {
        return desks.all().stream()
                .map(desk -> desk.adaptation().name())
                .sorted()
                .toList();
    }

    private static String domain(String domain) {
        if (!Lane.isDomain(domain)) {
            throw Problem.of(new Rejection(
                            Reason.BAD_KEY,
                            "a domain must be 1 to 200 characters without '/' and control characters, but is '%s'"
                                    .formatted(domain)))
                    .raised();
        }
        return domain;
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
