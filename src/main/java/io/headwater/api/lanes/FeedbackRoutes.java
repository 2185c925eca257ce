package io.headwater.api.lanes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.headwater.api.http.Caller;
import io.headwater.api.http.Problem;
import io.headwater.api.http.Responses;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Outcome;
import io.headwater.online.Desk;
import io.vertx.core.Context;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Labels of requests that become known later: {@code POST /api/v1/lanes/ADAPTATION/DOMAIN/feedback/ID}. */
public final class FeedbackRoutes {
    private static final String FEEDBACK = "/api/v1/lanes/:adaptation/:domain/feedback/:id";

    private final LanePaths paths;
    private final Caller caller;

    /** Creates routes to the lanes of {@code paths}. */
    public FeedbackRoutes(LanePaths paths, Caller caller) {
        this.paths = paths;
        this.caller = caller;
    }

    /** Adds them to a router. */
    public void mount(Router router) {
        router.route(HttpMethod.POST, FEEDBACK).handler(context -> caller.guard(context, () -> take(context)));
        LanePaths.onlyPost(router, FEEDBACK);
    }

    private void take(RoutingContext context) {
        Desk desk = paths.desk(context);
        String domain = LanePaths.domain(context);
        String id = context.pathParam("id");
        caller.receive(context, body -> label(desk, domain, id, body), label -> send(context, desk, label));
    }

    private static LateLabel label(Desk desk, String domain, String id, byte[] body) {
        LabelInput.Observed observed = LabelInput.read(desk.adaptation().task(), body);
        Outcome<LateLabel> checked = desk.check(new LateLabel(id, domain, observed.label(), observed.observedAt()));
        if (checked instanceof Outcome.Rejected<LateLabel> rejected) {
            throw Problem.of(rejected.rejection()).raised();
        }
        return ((Outcome.Ok<LateLabel>) checked).value();
    }

    private void send(RoutingContext context, Desk desk, LateLabel label) {
        Context loop = context.vertx().getOrCreateContext();
        desk.label(label)
                .thenAccept(away -> loop.runOnContext(now -> caller.guard(context, () -> {
                    if (away.isPresent()) {
                        Responses.problem(context, Problem.of(away.get()));
                    } else {
                        Responses.json(
                                context,
                                202,
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("id", label.id())
                                        .put("lane", desk.adaptation().name() + "/" + label.domain()));
                    }
                })));
    }
}
