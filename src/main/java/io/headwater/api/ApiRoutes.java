package io.headwater.api;

import io.headwater.api.http.ApiLimits;
import io.headwater.api.http.Guards;
import io.headwater.config.HeadwaterConfig;
import io.headwater.config.HeadwaterConfig.ProcessRole;
import io.headwater.ops.Roles;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Adds the prediction API to the HTTP server of a process with the role {@code api}. */
@ApplicationScoped
public class ApiRoutes {
    private final HeadwaterConfig config;
    private final Roles roles;
    private final String release;

    ApiRoutes(
            HeadwaterConfig config,
            Roles roles,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String release) {
        this.config = config;
        this.roles = roles;
        this.release = release;
    }

    void mount(@Observes Router router) {
        if (config.roles().contains(ProcessRole.API)) {
            Guards guards = new Guards(config.http().hosts().orElse(List.of()));
            new PredictionApi(roles::desks, ApiLimits.of(config.api()), guards, release).mount(router);
        }
    }
}
