package io.headwater.serving;

import io.headwater.kafka.ServingTable;
import io.headwater.role.RoleControl;
import java.time.Duration;

/** The start of a role that answers. */
public final class CatchingUp {
    private static final Duration POLL = Duration.ofMillis(200);

    private CatchingUp() {}

    /** Waits until the heads that serve are loaded or wait for their artifacts; returns false when the role is stopped before. */
    public static boolean await(RoleControl control, ServingTable table) throws InterruptedException {
        control.waitFor("the serving topic");
        while (!control.isStopping()) {
            if (table.awaitCaughtUp(POLL)) {
                return true;
            }
            table.fault().ifPresent(fault -> control.waitFor("the serving topic: " + fault));
        }
        return false;
    }
}
