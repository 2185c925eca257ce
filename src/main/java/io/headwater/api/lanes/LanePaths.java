package io.headwater.api.lanes;

import io.headwater.api.http.Desks;
import io.headwater.api.http.Problem;
import io.headwater.api.http.Responses;
import io.headwater.domain.Lane;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import io.headwater.online.Desk;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** What paths below a lane have in common: {@code /api/v1/lanes/ADAPTATION/DOMAIN/…}. */
public final class LanePaths {
    private final Desks desks;

    /** Creates paths to {@code desks}. */
    public LanePaths(Desks desks) {
        this.desks = desks;
    }

    /** Returns the desk of the adaptation that a path names. */
    Desk desk(RoutingContext context) {
        String adaptation = context.pathParam("adaptation");
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

    /** Returns the domain that a path names. */
    static String domain(RoutingContext context) {
        String domain = context.pathParam("domain");
        if (!Lane.isDomain(domain)) {
            throw Problem.of(new Rejection(
                            Reason.BAD_KEY,
                            "a domain must be 1 to 200 characters without '/' and control characters, but is '%s'"
                                    .formatted(domain)))
                    .raised();
        }
        return domain;
    }

    /** Refuses all other methods. */
    static void onlyPost(Router router, String path) {
        router.route(path).handler(context -> {
            context.response().putHeader("Allow", "POST");
            Responses.problem(
                    context,
                    Problem.of(
                            405,
                            "Method not allowed",
                            "this path must be requested with POST, but this is "
                                    + context.request().method()));
        });
    }
}
