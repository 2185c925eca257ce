package io.headwater.trainer.kill;

import io.headwater.adapt.StepReport;
import io.headwater.domain.Lane;
import io.headwater.trainer.PartitionCheckpoint;
import io.headwater.trainer.TrainerListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** Kills its own process with SIGKILL when a stage is reached after {@link Stage#COMMITS_BEFORE} commits. */
final class Killer implements TrainerListener {
    private final Stage stage;
    private final Process shell;
    private int commits;
    private boolean dying;

    Killer(Stage stage) {
        this.stage = stage;
        try {
            // Started in advance, so that the signal arrives within microseconds, during a training step.
            String command = "read go && kill -9 " + ProcessHandle.current().pid();
            this.shell = new ProcessBuilder("/bin/sh", "-c", command).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Kills the process if this is the stage. Then it does not return, except for a training step, which continues
     * until the signal arrives.
     */
    void reached(Stage now) {
        if (now != stage || commits < Stage.COMMITS_BEFORE) {
            return;
        }
        dying = true;
        try {
            shell.getOutputStream().write("go\n".getBytes(StandardCharsets.UTF_8));
            shell.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (stage != Stage.MID_STEP) {
            awaitDeath();
        }
    }

    private static void awaitDeath() {
        while (true) {
            LockSupport.park();
        }
    }

    @Override
    public void polled(int records) {
        reached(Stage.AFTER_POLL);
    }

    @Override
    public void stepping(Lane lane) {
        reached(Stage.MID_STEP);
    }

    @Override
    public void stepped(Lane lane, StepReport report) {
        if (dying) {
            awaitDeath();
        }
    }

    @Override
    public void sent() {
        reached(Stage.AFTER_SEND);
    }

    @Override
    public void offsetsSent() {
        reached(Stage.AFTER_OFFSETS);
    }

    @Override
    public void committed(PartitionCheckpoint checkpoint) {
        reached(Stage.AFTER_COMMIT);
        commits++;
    }
}
