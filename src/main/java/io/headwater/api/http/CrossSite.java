package io.headwater.api.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what a page of another site makes a browser send, unless it only reads. Browsers say where a request comes from in
 * {@code Sec-Fetch-Site} (W3C, Fetch Metadata Request Headers) and {@code Origin}; programs send neither.
 */
final class CrossSite {
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final Set<String> OWN = Set.of("same-origin", "none");

    private CrossSite() {}

    /** Returns why a request is refused; null if it is not. */
    static @Nullable Problem problem(HttpServerRequest request) {
        return READING.contains(request.method()) || !isForeign(request)
                ? null
                : Problem.of(
                        403,
                        "Cross-site request",
                        "requests that change something must not come from a page of another site, but this one comes from '%s'; call the service from a program"
                                .formatted(request.getHeader("Origin")));
    }

    private static boolean isForeign(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !OWN.contains(site)) {
            return true;
        }
        String origin = request.getHeader("Origin");
        return origin != null && !isSame(origin, request.authority());
    }

    private static boolean isSame(String origin, @Nullable HostAndPort asked) {
        try {
            URI from = URI.create(origin);
            return asked != null
                    && asked.host().equalsIgnoreCase(from.getHost())
                    && port(asked.port(), from.getScheme()) == port(from.getPort(), from.getScheme());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static int port(int port, @Nullable String scheme) {
        return port > 0 ? port : "https".equals(scheme) ? 443 : 80;
    }
}
