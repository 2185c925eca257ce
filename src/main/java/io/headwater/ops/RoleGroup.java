package io.headwater.ops;

import io.headwater.role.Role;
import io.headwater.role.RoleState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Roles that are started and stopped together: those of one adaptation.
 *
 * @param prefix beginning of what is said of a role, such as the name of the adaptation with a colon; may be empty
 * @param roles the roles, not started yet
 */
record RoleGroup(String prefix, List<Role> roles) {
    RoleGroup {
        roles = List.copyOf(roles);
    }

    void start() {
        roles.forEach(Role::start);
    }

    /** Requests that all roles end after their current work, and returns immediately. */
    void stop() {
        roles.forEach(Role::stop);
    }

    /** Returns whether all roles ended within {@code patience}. */
    boolean awaitEnd(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean all = true;
        for (Role role : roles) {
            all &= role.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()));
        }
        return all;
    }

    /** Returns whether all roles are running. */
    boolean isRunning() {
        return roles.stream().allMatch(role -> role.state() == RoleState.RUNNING);
    }

    /** Returns a message for each role that ended without being stopped. */
    List<String> ended() {
        return roles.stream()
                .filter(role -> role.state() == RoleState.FAILED)
                .map(role -> prefix + role.name() + ": " + role.failure())
                .toList();
    }

    /** Returns a message for each role that has work, but has completed none of it for longer than {@code limit}. */
    List<String> hanging(Duration limit) {
        List<String> hanging = new ArrayList<>();
        for (Role role : roles) {
            Duration since = role.withoutProgress();
            if (since.compareTo(limit) > 0) {
                hanging.add("%s%s: no progress for %d s although there is work"
                        .formatted(prefix, role.name(), since.toSeconds()));
            }
        }
        return hanging;
    }

    /** Returns what each role that is not running waits for, as text for people. */
    List<String> waits() {
        return roles.stream()
                .flatMap(role -> role.waitsFor().map(what -> prefix + role.name() + " waits for " + what).stream())
                .toList();
    }
}
