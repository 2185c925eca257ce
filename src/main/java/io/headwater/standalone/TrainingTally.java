package io.headwater.standalone;

import io.headwater.adapt.StepReport;
import io.headwater.domain.Evaluation.Kind;
import io.headwater.domain.Lane;
import io.headwater.domain.Rejection;
import io.headwater.trainer.PartitionCheckpoint;
import io.headwater.trainer.TrainerListener;
import java.util.Optional;

/** Sums up the samples, steps, versions, promotions and dead letters that a trainer commits. */
final class TrainingTally implements TrainerListener {
    private final Progress progress;
    private final PrequentialCurve curve = new PrequentialCurve();
    private int samples;
    private long steps;
    private int versions;
    private int promotions;
    private int deadLetters;
    private String firstRejection = "none was sent";

    TrainingTally(Progress progress) {
        this.progress = progress;
    }

    @Override
    public synchronized void stepped(Lane lane, StepReport report) {
        curve.add(report.scores());
        progress.advance(report.scores().size());
    }

    @Override
    public void rejected(Rejection rejection) {
        if (deadLetters == 0) {
            firstRejection = rejection.message();
        }
        progress.advance(1);
    }

    @Override
    public synchronized void committed(PartitionCheckpoint checkpoint) {
        samples += checkpoint.versions().stream()
                .mapToInt(version -> version.lineage().samples())
                .sum();
        steps += checkpoint.versions().stream()
                .mapToInt(version -> version.lineage().steps().size())
                .sum();
        versions += checkpoint.versions().size();
        promotions += (int) checkpoint.evaluations().stream()
                .filter(evaluation -> evaluation.kind() == Kind.PROMOTED)
                .count();
        deadLetters += checkpoint.deadLetters().size();
    }

    synchronized Optional<LineChart> chart(String title, String scoreName) {
        return curve.chart(title, scoreName);
    }

    synchronized int samples() {
        return samples;
    }

    synchronized long steps() {
        return steps;
    }

    synchronized int versions() {
        return versions;
    }

    synchronized int promotions() {
        return promotions;
    }

    synchronized int deadLetters() {
        return deadLetters;
    }

    synchronized String firstRejection() {
        return firstRejection;
    }
}
