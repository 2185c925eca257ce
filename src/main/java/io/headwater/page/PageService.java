package io.headwater.page;

import io.headwater.api.http.ApiLimits;
import io.headwater.api.http.Guards;
import io.headwater.config.HeadwaterConfig;
import io.headwater.config.HeadwaterConfig.ProcessRole;
import io.headwater.ops.Roles;
import io.vertx.ext.web.Router;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/** Adds the management API and the page to the HTTP server of a process with the role {@code page}. */
@ApplicationScoped
public class PageService {
    /** Before the prediction API, which answers all other paths below {@code /api} with a problem. */
    private static final int FIRST = 1000;

    private final HeadwaterConfig config;
    private final Roles roles;

    PageService(HeadwaterConfig config, Roles roles) {
        this.config = config;
        this.roles = roles;
    }

    void mount(@Observes @Priority(FIRST) Router router) {
        if (config.roles().contains(ProcessRole.PAGE)) {
            new PageServer(
                            roles::board,
                            roles::desks,
                            ApiLimits.of(config.api()),
                            new Guards(config.http().hosts().orElse(List.of())))
                    .mount(router);
        }
    }
}
