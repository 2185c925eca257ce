package io.headwater.bench.stream;

import io.headwater.adapt.StepReport;
import io.headwater.domain.Lane;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.role.RoleState;
import io.headwater.trainer.PartitionCheckpoint;
import io.headwater.trainer.Trainer;
import io.headwater.trainer.TrainerListener;

/** One pass of a trainer over the samples topic, timed from its first record to its last commit. */
final class TrainingRun implements TrainerListener {
    private long began;
    private long ended;
    private int samples;
    private int checkpoints;

    /** The result of the run. */
    record Result(double seconds, int samples, int checkpoints) {
        double samplesPerSecond() {
            return samples / seconds;
        }
    }

    static Result of(AdaptationRuntime runtime, int expected) {
        TrainingRun run = new TrainingRun();
        Trainer trainer = runtime.trainer(run);
        trainer.runToEnd();
        if (trainer.state() != RoleState.STOPPED || run.samples != expected) {
            throw new IllegalStateException(
                    "learned " + run.samples + " of " + expected + " samples, " + trainer.state(), trainer.failure());
        }
        return new Result((run.ended - run.began) / 1e9, run.samples, run.checkpoints);
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
}
