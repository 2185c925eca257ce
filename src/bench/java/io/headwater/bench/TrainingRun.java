package io.headwater.bench;

import io.headwater.adapt.StepReport;
import io.headwater.domain.Lane;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.role.RoleState;
import io.headwater.trainer.PartitionCheckpoint;
import io.headwater.trainer.Trainer;
import io.headwater.trainer.TrainerListener;

/** One pass of a trainer over the samples topic, timed from its first record to its last commit. */
public class TrainingRun implements TrainerListener {
    private long began;
    private long ended;
    private int samples;
    private int checkpoints;

    /** Runs a trainer of {@code runtime}, which must learn {@code expected} samples. */
    public static TrainingRun of(AdaptationRuntime runtime, int expected) {
        TrainingRun run = new TrainingRun();
        run.toEnd(runtime.trainer(run), expected);
        return run;
    }

    /** Runs {@code trainer}, whose listener this is, and which must learn {@code expected} samples. */
    public final void toEnd(Trainer trainer, int expected) {
        trainer.runToEnd();
        if (trainer.state() != RoleState.STOPPED || samples != expected) {
            throw new IllegalStateException(
                    "learned " + samples + " of " + expected + " samples, " + trainer.state(), trainer.failure());
        }
    }

    @Override
    public void polled(int records) {
        if (began == 0) {
            began = System.nanoTime();
        }
    }

    @Override
    public void stepped(Lane lane, StepReport report) {
        samples += report.scores().size();
    }

    @Override
    public void committed(PartitionCheckpoint checkpoint) {
        ended = System.nanoTime();
        checkpoints++;
    }

    /** Returns the time of the first record. */
    protected final long began() {
        return began;
    }

    /** Returns the time of the newest commit. */
    protected final long ended() {
        return ended;
    }

    public final int checkpoints() {
        return checkpoints;
    }

    public final double samplesPerSecond() {
        return samples / ((ended - began) / 1e9);
    }
}
