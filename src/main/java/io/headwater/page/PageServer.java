package io.headwater.page;

import io.headwater.api.http.ApiLimits;
import io.headwater.api.http.Bodies;
import io.headwater.api.http.Caller;
import io.headwater.api.http.Desks;
import io.headwater.api.http.Guards;
import io.headwater.api.http.Responses;
import io.headwater.board.Board;
import io.headwater.manage.ManageRoutes;
import io.headwater.manage.Managed;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The management API and the page: all their paths. */
public final class PageServer {
    private static final int FORM_BYTES = 64 << 10;

    private final Managed managed;
    private final Desks desks;
    private final ApiLimits limits;
    private final Guards guards;

    /**
     * Creates an instance.
     *
     * @param board returns what people see of all lanes; empty as long as it is not there
     * @param desks where texts can be tried; none where predictions are not answered in this process
     * @param limits of the API; bodies are far smaller here
     */
    public PageServer(Supplier<Optional<Board>> board, Desks desks, ApiLimits limits, Guards guards) {
        this.guards = guards;
        this.managed = new Managed(board);
        this.desks = desks;
        this.limits = new ApiLimits(Math.min(FORM_BYTES, limits.bodyBytes()), limits.bytes(), limits.deadline());
    }

    /** Adds them to a router. */
    public void mount(Router router) {
        Bodies bodies = new Bodies(limits);
        guards.mount(router, List.of("/api/*"), Responses::problem);
        new ManageRoutes(managed, new Caller(limits, bodies, Responses::problem)).mount(router);
        new PageRoutes(managed, desks, new Caller(limits, bodies, PageRoutes::problem), Clock.systemUTC())
                .mount(router, guards);
    }
}
