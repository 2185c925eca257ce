package io.headwater.ops;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Liveness probe, which fails once a role has ended without being stopped. A restart continues from the committed
 * state.
 */
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
