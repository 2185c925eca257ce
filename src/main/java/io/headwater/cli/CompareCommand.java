package io.headwater.cli;

import io.headwater.adapt.LaneClasses;
import io.headwater.cli.console.TimeLimit;
import io.headwater.domain.ModelVersion;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.ComparisonSamples;
import io.headwater.ops.LaneLog;
import io.headwater.ops.RuntimeSettings;
import io.headwater.ops.VersionComparison;
import io.headwater.ops.VersionComparison.Side;
import io.headwater.task.ScoredPrediction;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headwater compare}. */
@Command(
        name = "compare",
        description =
                "Compare two versions of a lane on its newest samples, if possible on those that neither was trained on.")
class CompareCommand extends LaneCommand implements Callable<Integer> {
    @Mixin
    TimeLimit time;

    @Parameters(index = "0", paramLabel = "A", description = "Number of the first version.")
    long a;

    @Parameters(index = "1", paramLabel = "B", description = "Number of the second version.")
    long b;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "500",
            description = "Largest number of samples. Default: ${DEFAULT-VALUE}.")
    int samples;

    private record Scores(String metric, Map<Long, ScoredPrediction> byOffset) {}

    @Override
    public Integer call() throws Exception {
        VersionComparison compared = time.within(this::compare);
        output.print(compared, () -> {
            print(compared.a(), compared);
            print(compared.b(), compared);
            output.line(
                    "difference %s, with 95 %% confidence %s to %s; %d predictions differ: %s",
                    points(compared.difference()),
                    points(compared.interval().lower()),
                    points(compared.interval().upper()),
                    compared.differ(),
                    conclusion(compared));
            if (compared.isFlattered()) {
                output.line("a version is better on samples that it was trained on than on new ones, so that this"
                        + " comparison favours the one that was trained on more of them");
            }
        });
        return 0;
    }

    private void print(Side side, VersionComparison compared) {
        output.line(
                "version %-5d %s %.1f %% on %d samples, better on %d, trained on %d of them",
                side.version(),
                compared.metric(),
                100 * side.score(),
                compared.samples(),
                side.better(),
                side.learned());
    }

    private static String points(double difference) {
        return String.format(Locale.ROOT, "%+.1f points", 100 * difference);
    }

    private static String conclusion(VersionComparison compared) {
        if (compared.interval().lower() > 0) {
            return "version %d is better".formatted(compared.b().version());
        }
        if (compared.interval().upper() < 0) {
            return "version %d is better".formatted(compared.a().version());
        }
        return "neither is shown to be better";
    }

    private VersionComparison compare() throws Exception {
        RuntimeSettings settings = connection.settings();
        LaneLog log = new LaneLog(connection.clients(settings), connection.codec(settings));
        List<ModelVersion> versions = log.versions(lane::equals);
        ComparisonSamples read = ComparisonSamples.read(
                connection.clients(settings),
                version(versions, a),
                version(versions, b),
                versions,
                Math.max(1, samples));
        LaneClasses classes = LabelsCommand.labels(connection, settings, lane).meanings();
        Scores first = scores(read.a(), read, classes, settings);
        Scores second = scores(read.b(), read, classes, settings);
        return VersionComparison.of(second.metric(), read, first.byOffset(), second.byOffset());
    }

    private ModelVersion version(List<ModelVersion> versions, long number) {
        return versions.stream()
                .filter(version -> version.ref().number() == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "lane '%s' has no version %d; 'headwater versions' lists what there is"
                                .formatted(lane, number)));
    }

    private static Scores scores(
            ModelVersion version, ComparisonSamples read, LaneClasses classes, RuntimeSettings settings)
            throws Exception {
        try (AdaptationRuntime runtime = ReplayCommand.open(version.lineage().configuration(), settings)) {
            return new Scores(
                    runtime.task().goal().scoreName(),
                    VersionComparison.scores(runtime, version, classes, read.records()));
        }
    }
}
