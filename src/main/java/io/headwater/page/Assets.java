package io.headwater.page;

import io.headwater.domain.Digest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.util.Map;
import java.util.TreeMap;

/** Scripts, styles and images of the page. Their addresses change with their content, so that browsers may keep them. */
final class Assets {
    private static final String OWN = "/page/assets/";
    private static final Map<String, String> TYPES = Map.of(
            "headwater.css", "text/css;charset=UTF-8",
            "headwater.js", "text/javascript;charset=UTF-8",
            "htmx.js", "text/javascript;charset=UTF-8",
            "icon.svg", "image/svg+xml");
    private static final String HTMX = "/META-INF/resources/webjars/htmx.org/2.0.10/dist/htmx.min.js";

    private final Map<String, Buffer> files = new TreeMap<>();
    private final Map<String, String> paths = new TreeMap<>();

    Assets() {
        for (String name : TYPES.keySet()) {
            byte[] content = Templates.bytes(name.equals("htmx.js") ? HTMX : OWN + name);
            files.put(name, Buffer.buffer(content));
            paths.put(
                    name.replace('.', '_'),
                    "/assets/" + name + "?v=" + Digest.of(content).hex().substring(0, 12));
        }
    }

    /** Returns the address of each file, by its name with {@code _} for the dot. */
    Map<String, String> paths() {
        return paths;
    }

    void mount(Router router) {
        files.forEach((name, content) -> router.route(HttpMethod.GET, "/assets/" + name)
                .handler(context -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, TYPES.get(name))
                        .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=31536000, immutable")
                        .end(content)));
    }
}
