package io.headwater.ops;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Not alive once a role has ended by itself: a restart goes on from what is committed. */
@Liveness
@ApplicationScoped
public class RolesLiveness implements HealthCheck {
    private final Roles roles;

    RolesLiveness(Roles roles) {
        this.roles = roles;
    }

    @Override
    public HealthCheckResponse call() {
        List<String> failures = roles.failures();
        return HealthCheckResponse.named("roles")
                .status(failures.isEmpty())
                .withData("failures", String.join("; ", failures))
                .build();
    }
}
