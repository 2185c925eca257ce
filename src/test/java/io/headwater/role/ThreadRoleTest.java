package io.headwater.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ThreadRoleTest {
    private static final IllegalStateException FAULT = new IllegalStateException("the disk is full");

    /** What a test's role does. */
    @FunctionalInterface
    private interface Body {
        void run(RoleControl control) throws InterruptedException;
    }

    private static ThreadRole role(Body body) {
        return new ThreadRole("example", "group", "instance") {
            @Override
            protected void work(RoleControl control) throws InterruptedException {
                body.run(control);
            }
        };
    }

    private static void untilStopped(RoleControl control) {
        while (!control.isStopping()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldWorkOnAThreadOfItsOwnUntilItIsStopped() throws InterruptedException {
        CountDownLatch atWork = new CountDownLatch(1);
        Role role = role(control -> {
            control.running();
            atWork.countDown();
            untilStopped(control);
        });
        assertThat(role.state()).isEqualTo(RoleState.STARTING);

        role.start();
        atWork.await();
        assertThat(role.state()).isEqualTo(RoleState.RUNNING);
        assertThat(role.waitsFor()).isEmpty();
        assertThat(role.awaitEnd(Duration.ZERO)).isFalse();

        role.stop();
        role.awaitEnd();
        assertThat(role.state()).isEqualTo(RoleState.STOPPED);
        assertThat(role.failure()).isNull();
        assertThat(role.awaitEnd(Duration.ZERO)).isTrue();
    }

    @Test
    void shouldSayWhatItWaitsForUntilItRuns() throws InterruptedException {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch recovering = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Role role = role(control -> {
            control.waitFor("the serving topic");
            waiting.countDown();
            goOn.await();
            control.running();
            control.recovering(FAULT);
            recovering.countDown();
            untilStopped(control);
        });
        assertThat(role.waitsFor()).contains("its start");

        role.start();
        waiting.await();
        assertThat(role.state()).isEqualTo(RoleState.STARTING);
        assertThat(role.waitsFor()).contains("the serving topic");

        goOn.countDown();
        recovering.await();
        assertThat(role.state()).isEqualTo(RoleState.RECOVERING);
        assertThat(role.waitsFor()).hasValueSatisfying(what -> assertThat(what).contains("the disk is full"));

        role.stop();
        role.awaitEnd();
        assertThat(role.waitsFor()).isEmpty();
    }

    @Test
    void shouldFailWithWhatItsWorkThrows() throws InterruptedException {
        Role role = role(control -> {
            control.running();
            throw FAULT;
        });

        role.start();
        role.awaitEnd();

        assertThat(role.state()).isEqualTo(RoleState.FAILED);
        assertThat(role.failure()).isSameAs(FAULT);
    }

    @Test
    void shouldBeStoppedByAnInterrupt() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        ThreadRole role = role(control -> never.await());
        Thread thread = new Thread(role);

        thread.start();
        thread.interrupt();
        role.awaitEnd();

        assertThat(role.state()).isEqualTo(RoleState.STOPPED);
        assertThat(role.failure()).isNull();
    }

    @Test
    void shouldStartOnlyOnce() {
        ThreadRole role = role(RoleControl::running);
        role.run();

        assertThat(role.state()).isEqualTo(RoleState.STOPPED);
        assertThatThrownBy(role::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("example");
    }
}
