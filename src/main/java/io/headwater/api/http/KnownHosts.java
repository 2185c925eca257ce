package io.headwater.api.http;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests to a host name that is not known to be that of this service. The owner of a name can let it point to this machine
 * while a page of his is open (DNS rebinding): for the browser of somebody who can reach the service, both then are one site, so that
 * the page could also read answers. Addresses and {@code localhost} belong to nobody who could do so.
 */
final class KnownHosts {
    /** In place of a name, it stands for all names. */
    static final String ANY = "*";

    private static final String LOOPBACK = "localhost";

    private final Set<String> names;

    /**
     * Creates a guard.
     *
     * @param names under which callers reach the service, besides addresses and {@code localhost}, in any case; {@value #ANY} for all
     */
    KnownHosts(Collection<String> names) {
        this.names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns why a request is refused; null if it is not. */
    @Nullable
    Problem problem(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        // A program may name no host, as in HTTP/1.0, but a browser always does.
        String host = authority == null ? request.getHeader(HttpHeaders.HOST) : authority.host();
        return isKnown(host)
                ? null
                : Problem.of(
                        421,
                        "Unknown host",
                        "requests must be sent to an address, to localhost or to a host name that is known, but this one was sent to '%s'; add the name to HEADWATER_HTTP_HOSTS"
                                .formatted(host));
    }

    private boolean isKnown(@Nullable String host) {
        if (host == null || names.contains(ANY)) {
            return true;
        }
        String name = host.toLowerCase(Locale.ROOT);
        // RFC 6761 keeps all names below localhost for loopback addresses.
        return name.equals(LOOPBACK)
                || name.endsWith("." + LOOPBACK)
                || names.contains(name)
                || NetUtil.isValidIpV4Address(name)
                || NetUtil.isValidIpV6Address(name);
    }
}
