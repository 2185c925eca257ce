package io.headwater.board;

import io.headwater.board.LaneView.Learning;
import io.headwater.board.Mark.Kind;
import io.headwater.domain.ClassAnswers;
import io.headwater.domain.Command;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.DriftSignal.Level;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.TrainerState;
import io.headwater.domain.TrainerState.Pause;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the board knows of one lane: bounded, whatever its history is. Not thread-safe. */
final class LaneTrack {
    /** Number of the newest samples whose mean score is shown; every evaluation has at least one. */
    static final int RECENT = 200;

    static final int POINTS = 96;
    private static final int MARKS = 60;
    private static final int VERDICTS = 20;
    private static final int VERSIONS = 60;
    private static final int REIGNS = 100;
    private static final int CONTENDERS = 40;
    private static final int LABELS = 200;
    private static final String CONTENDER = "contender.";
    private static final String USUAL_METRIC = "Accuracy";

    private final Lane lane;
    private final BoundedCurve curve = new BoundedCurve(POINTS);
    private final Deque<CurvePoint> recent = new ArrayDeque<>();
    private final Deque<Mark> marks = new ArrayDeque<>();
    private final Deque<Mark> verdicts = new ArrayDeque<>();
    private final Deque<VersionRow> versions = new ArrayDeque<>();
    private final Deque<Reign> reigns = new ArrayDeque<>();
    private final AnswerTally answers = new AnswerTally();
    private Map<String, Double> contenders = Map.of();
    private List<String> labels = List.of();
    private String metric = USUAL_METRIC;
    private int recentSamples;
    private @Nullable Double coverage;
    private @Nullable Serving serving;
    private @Nullable TrainerState state;
    private @Nullable DriftSignal drift;
    private int asks;
    private long letters;
    private long revision;

    LaneTrack(Lane lane) {
        this.lane = lane;
    }

    void changed(long atRevision) {
        revision = atRevision;
    }

    long revision() {
        return revision;
    }

    void serving(@Nullable Serving now) {
        serving = now;
    }

    void state(@Nullable TrainerState now) {
        state = now;
    }

    void decided(Serving decision) {
        keep(reigns, Reign.of(decision), REIGNS);
        if (decision.decidedBy() == DecidedBy.PERSON) {
            mark(new Mark(decision.since(), Kind.DECIDED, decision.version().number(), decision.reason()));
        }
    }

    void version(ModelVersion version) {
        keep(versions, VersionRow.of(version), VERSIONS);
        labels = version.labels().size() > LABELS ? version.labels().subList(0, LABELS) : version.labels();
    }

    void evaluated(Evaluation evaluation) {
        switch (evaluation.kind()) {
            case PREQUENTIAL -> scored(evaluation);
            case PROMOTED, REJECTED -> {
                evaluation.comparedMetric().ifPresent(this::compares);
                keep(verdicts, verdict(evaluation), VERDICTS);
            }
            case ROLLED_BACK -> {
                keep(verdicts, verdict(evaluation), VERDICTS);
                mark(verdict(evaluation));
            }
            case STALLED, VETOED, LOST -> mark(verdict(evaluation));
        }
    }

    /** Scores by another metric cannot be compared. */
    private void compares(String now) {
        if (!now.equals(metric)) {
            metric = now;
            curve.clear();
            recent.clear();
            recentSamples = 0;
        }
    }

    private void scored(Evaluation evaluation) {
        Map<String, Double> metrics = evaluation.metrics();
        if (evaluation.samples() > 0) {
            Long champion = evaluation.champion();
            CurvePoint point = new CurvePoint(
                    evaluation.at(),
                    evaluation.samples(),
                    metrics.getOrDefault("champion" + metric, Double.NaN),
                    metrics.getOrDefault("learner" + metric, Double.NaN),
                    champion == null ? 0 : champion);
            curve.add(point);
            recent.add(point);
            recentSamples += point.samples();
            while (recentSamples - recent.getFirst().samples() >= RECENT) {
                recentSamples -= recent.removeFirst().samples();
            }
        }
        TreeMap<String, Double> found = new TreeMap<>();
        metrics.forEach((name, value) -> {
            if (name.startsWith(CONTENDER) && found.size() < CONTENDERS) {
                found.put(name.substring(CONTENDER.length()), value);
            }
        });
        contenders = found;
        coverage = metrics.get("coverage");
        ClassAnswers answered = evaluation.answers();
        if (answered != null) {
            answers.add(answered, evaluation);
        }
    }

    private static Mark verdict(Evaluation evaluation) {
        Long about = evaluation.challenger() == null ? evaluation.champion() : evaluation.challenger();
        return new Mark(
                evaluation.at(),
                Kind.valueOf(evaluation.kind().name()),
                about == null ? 0 : about,
                evaluation.verdict());
    }

    void drifted(DriftSignal signal) {
        if (signal.level() == Level.DRIFT) {
            drift = signal;
        }
        String text = String.format(
                Locale.ROOT,
                "%s by %s: %.2f, threshold %.2f",
                signal.signal(),
                signal.detector(),
                signal.statistic(),
                signal.threshold());
        mark(new Mark(signal.at(), signal.level() == Level.DRIFT ? Kind.DRIFT : Kind.WARNING, 0, text));
    }

    void commanded(Command command) {
        switch (command.action()) {
            case PROMOTE, ROLLBACK, PIN, UNPIN -> {
                // What they do is a decision about what serves.
            }
            default -> {
                String action = command.action().name().toLowerCase(Locale.ROOT).replace('_', ' ');
                mark(new Mark(
                        command.at(),
                        Kind.COMMANDED,
                        0,
                        "%s by %s: %s".formatted(action, command.by(), command.reason())));
            }
        }
    }

    void asked() {
        asks++;
    }

    void answered() {
        asks--;
    }

    void lettered() {
        letters++;
    }

    private void mark(Mark mark) {
        keep(marks, mark, MARKS);
    }

    private static <T> void keep(Deque<T> newest, T one, int most) {
        newest.addLast(one);
        if (newest.size() > most) {
            newest.removeFirst();
        }
    }

    LaneView view() {
        Serving serves = serving;
        TrainerState trained = state;
        VersionRow newest = versions.peekLast();
        Pause pause = trained == null ? null : trained.pause();
        Learning learning =
                pause != null ? Learning.PAUSED : serves != null && serves.held() ? Learning.HELD : Learning.LEARNING;
        Instant since = pause != null ? pause.since() : serves != null ? serves.since() : Instant.EPOCH;
        String reason = pause != null ? pause.reason() : serves != null ? serves.reason() : "";
        DriftSignal signal = drift;
        CurvePoint oldest = recent.peekFirst();
        boolean isNews = signal != null && (oldest == null || !signal.at().isBefore(oldest.at()));
        return new LaneView(
                lane,
                revision,
                learning,
                since,
                reason,
                serves == null ? null : serves.version(),
                newest != null
                        ? newest.ref().number()
                        : trained != null ? trained.version().number() : 0,
                newest == null ? 0 : newest.totalSamples(),
                trained == null ? null : trained.savedAt(),
                ScoreEstimate.of(Character.toLowerCase(metric.charAt(0)) + metric.substring(1), recent)
                        .orElse(null),
                isNews ? signal : null,
                asks,
                letters,
                curve.points());
    }

    LaneStory story() {
        return new LaneStory(
                view(),
                List.copyOf(reigns),
                List.copyOf(marks),
                List.copyOf(verdicts),
                List.copyOf(versions),
                contenders,
                coverage,
                labels,
                answers.report());
    }
}
