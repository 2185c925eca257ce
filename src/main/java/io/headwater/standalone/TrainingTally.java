package io.headwater.standalone;

import io.headwater.adapt.StepReport;
import io.headwater.domain.Evaluation.Kind;
import io.headwater.domain.Lane;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import io.headwater.standalone.AdaptReport.UnusedSamples;
import io.headwater.standalone.data.Item;
import io.headwater.trainer.PartitionCheckpoint;
import io.headwater.trainer.PartitionCheckpoint.DeadLetter;
import io.headwater.trainer.TrainerListener;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sums up the samples, steps, versions, promotions and dead letters that a trainer commits. */
final class TrainingTally implements TrainerListener {
    private final List<Item> stream;
    private final int first;
    private final Progress progress;
    private final Map<Reason, UnusedSamples> unused = new EnumMap<>(Reason.class);
    private final PrequentialCurve curve = new PrequentialCurve();
    private int drawn;
    private int samples;
    private long steps;
    private int versions;
    private int promotions;
    private int deadLetters;
    private String firstRejection = "none was sent";

    /**
     * Creates a tally.
     *
     * @param stream what the trainer reads from the only partition
     * @param first how many of them are read for the first time; the others repeat them
     */
    TrainingTally(List<Item> stream, int first, Progress progress) {
        this.stream = stream;
        this.first = first;
        this.progress = progress;
    }

    @Override
    public synchronized void stepped(Lane lane, StepReport report) {
        // The scores of samples that were learned before say nothing about new ones.
        int fresh = Math.min(report.scores().size(), first - drawn);
        curve.add(report.scores().subList(0, fresh));
        drawn += fresh;
        progress.advance(report.scores().size());
    }

    @Override
    public synchronized void rejected(Rejection rejection) {
        if (deadLetters == 0) {
            firstRejection = rejection.message();
        }
        drawn = Math.min(first, drawn + 1);
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
        checkpoint.deadLetters().forEach(this::count);
    }

    private void count(DeadLetter letter) {
        int place = (int) letter.record().offset();
        unused.merge(
                letter.rejection().reason(),
                new UnusedSamples(
                        letter.rejection().reason(),
                        1,
                        stream.get(place).id(),
                        letter.rejection().message()),
                (known, one) -> known.oneMore());
    }

    /** Why samples became dead letters. */
    synchronized List<UnusedSamples> unused() {
        return List.copyOf(unused.values());
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
