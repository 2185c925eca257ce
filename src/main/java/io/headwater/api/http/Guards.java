package io.headwater.api.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what pages of strangers make browsers send, before anything of it is read: the service has no login, so that the browser of
 * somebody who can reach it must not be a way in.
 */
public final class Guards {
    private final KnownHosts hosts;

    /** @param hosts names under which callers reach the service, as in {@link KnownHosts} */
    public Guards(Collection<String> hosts) {
        this.hosts = new KnownHosts(hosts);
    }

    /**
     * Guards paths.
     *
     * @param problems writes problems, in the form that the callers of these paths expect
     */
    public void mount(Router router, List<String> paths, BiConsumer<RoutingContext, Problem> problems) {
        for (String path : paths) {
            router.route(path).handler(context -> {
                Problem problem = problem(context.request());
                if (problem == null) {
                    context.next();
                } else {
                    problems.accept(context, problem);
                }
            });
        }
    }

    private @Nullable Problem problem(HttpServerRequest request) {
        Problem unknown = hosts.problem(request);
        return unknown == null ? CrossSite.problem(request) : unknown;
    }
}
