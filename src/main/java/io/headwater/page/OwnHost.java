package io.headwater.page;

import io.headwater.api.http.Problem;
import io.headwater.api.http.Responses;
import io.vertx.core.Handler;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Refuses requests over the loopback interface that ask for a host which is not this machine. A page of another site can let its own name
 * point to 127.0.0.1 (DNS rebinding); its requests are then no cross-site requests for the browser, but they still name its host.
 */
final class OwnHost implements Handler<RoutingContext> {
    /** An address, not a name: names that only begin so are those of strangers. */
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}|\\[?(0*:)+0*1]?");

    private final Set<String> others = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    /** @param others names under which a proxy on this machine passes requests on */
    OwnHost(Collection<String> others) {
        this.others.addAll(others);
    }

    @Override
    public void handle(RoutingContext context) {
        HostAndPort asked = context.request().authority();
        String host = asked == null ? "" : asked.host();
        if (isLoopback(context.request().localAddress().hostAddress()) && !isOwn(host)) {
            Responses.problem(
                    context,
                    Problem.of(
                            403,
                            "Unknown host",
                            "requests over the loopback interface must be for localhost or a name in headwater.page.hosts, but this one is for '%s'"
                                    .formatted(host)));
        } else {
            context.next();
        }
    }

    private static boolean isLoopback(String address) {
        return LOOPBACK.matcher(address).matches();
    }

    /** Returns whether a host is this machine; every name below {@code localhost} is (RFC 6761). */
    boolean isOwn(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.endsWith(".localhost") || isLoopback(name) || others.contains(host);
    }
}
