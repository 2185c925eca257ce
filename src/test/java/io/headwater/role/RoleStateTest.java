package io.headwater.role;

import static io.headwater.role.RoleState.FAILED;
import static io.headwater.role.RoleState.RECOVERING;
import static io.headwater.role.RoleState.RUNNING;
import static io.headwater.role.RoleState.STARTING;
import static io.headwater.role.RoleState.STOPPED;
import static io.headwater.role.RoleState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoleStateTest {

    @Test
    void shouldAllowTheChangesOfTheDiagramOnly() {
        assertThat(after(STARTING)).containsExactlyInAnyOrder(RUNNING, WAITING, RECOVERING, STOPPED, FAILED);
        assertThat(after(RUNNING)).containsExactlyInAnyOrder(WAITING, RECOVERING, STOPPED, FAILED);
        assertThat(after(WAITING)).containsExactlyInAnyOrder(RUNNING, RECOVERING, STOPPED, FAILED);
        assertThat(after(RECOVERING)).containsExactlyInAnyOrder(RUNNING, WAITING, STOPPED, FAILED);
        assertThat(after(STOPPED)).isEmpty();
        assertThat(after(FAILED)).isEmpty();
    }

    private static Set<RoleState> after(RoleState state) {
        return Stream.of(RoleState.values())
                .filter(state::mayBecome)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(RoleState.class)));
    }
}
