package io.headwater.standalone;

import io.headwater.role.Role;
import java.util.List;

/** The roles that a demo runs. */
final class DemoRoles {
    private DemoRoles() {}

    /**
     * Does nothing as long as all of them work.
     *
     * @throws IllegalStateException when one of them has failed
     */
    static void requireHealthy(List<Role> roles) {
        for (Role role : roles) {
            Throwable failure = role.failure();
            if (failure != null) {
                throw new IllegalStateException("the demo cannot go on: " + failure.getMessage(), failure);
            }
        }
    }

    /** Stops all of them and waits for their ends. */
    static void end(List<Role> roles) throws InterruptedException {
        roles.forEach(Role::stop);
        for (Role role : roles) {
            role.awaitEnd();
        }
    }
}
