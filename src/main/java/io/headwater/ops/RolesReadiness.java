package io.headwater.ops;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Readiness probe, which succeeds once topics are verified and all configured roles are running, and otherwise says what they
 * wait for.
 */
@Readiness
@ApplicationScoped
public class RolesReadiness implements HealthCheck {
    private final Roles roles;

    RolesReadiness(Roles roles) {
        this.roles = roles;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("roles")
                .status(roles.isReady())
                .withData("waits", String.join("; ", roles.waits()))
                .build();
    }
}
