package io.headwater.ops;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Readiness probe, which succeeds once topics are verified and all configured roles of all adaptations are running, and otherwise
 * says what they wait for. It names the adaptations, and why a file that was added or changed is not used; such a file does not
 * make the process unready, because it must not touch the others.
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
                .withData("adaptations", String.join(", ", roles.adaptations()))
                .withData("waits", String.join("; ", roles.waits()))
                .withData("refused", String.join("; ", roles.refused()))
                .build();
    }
}
