package io.headwater.cli;

import io.headwater.cli.console.Bytes;
import io.headwater.cli.console.ConnectedCommand;
import io.headwater.cli.console.LaneConverter;
import io.headwater.cli.console.TimeConverter;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.ServedVersion;
import io.headwater.domain.Serving;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.LaneLog;
import io.headwater.ops.LaneSummary.Score;
import io.headwater.ops.RuntimeSettings;
import io.headwater.ops.lane.LateScore;
import io.headwater.ops.lane.LateScore.Comparison;
import io.headwater.ops.lane.VersionSummary;
import io.headwater.store.FileArtifactStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code headwater versions}. */
@Command(
        name = "versions",
        description =
                "List the versions of lanes, which of them serve, how good they were and their sizes; or what served"
                        + " at a time; or how good answers were by labels that came late.",
        subcommands = ExportCommand.class)
class VersionsCommand extends ConnectedCommand implements Callable<Integer> {
    @Option(
            names = "--lane",
            paramLabel = "ADAPTATION/DOMAIN",
            converter = LaneConverter.class,
            description = "Only this lane.")
    @Nullable
    Lane lane;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description =
                    "Say what served at a time instead, such as 2026-01-31T12:00:00Z or, for how long ago, 90m, 12h or"
                            + " 7d.")
    @Nullable
    Instant at;

    @Option(
            names = "--late",
            description =
                    "Say instead how good the answers of each version were by late labels, and those of challengers"
                            + " beside them.")
    boolean late;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Instant asked = at;
        if (asked != null && asked.isAfter(Instant.now())) {
            throw new ParameterException(spec.commandLine(), "--at must not be in the future, but is " + asked);
        }
        if (asked != null && late) {
            throw new ParameterException(spec.commandLine(), "--at and --late must not be given together");
        }
        if (late) {
            printLate();
        } else if (asked == null) {
            list();
        } else {
            printServedAt(asked);
        }
        return 0;
    }

    private Predicate<Lane> wanted() {
        Lane only = lane;
        return only == null ? any -> true : only::equals;
    }

    private LaneLog log(RuntimeSettings settings) {
        return new LaneLog(connection.clients(settings), connection.codec(settings));
    }

    private void printServedAt(Instant asked) throws Exception {
        List<ServedVersion> served = time.within(() -> {
            List<ServedVersion> found = new ArrayList<>();
            log(connection.settings())
                    .decisions(wanted())
                    .forEach((one, decisions) -> found.add(ServedVersion.at(one, asked, decisions)));
            return found;
        });
        output.print(Map.of("at", asked, "lanes", served), () -> {
            for (ServedVersion one : served) {
                output.line(
                        "%-32s %-24s %s",
                        one.lane(),
                        one.version() == null ? "-" : one.version(),
                        one.version() == null ? one.reason() : span(one));
            }
            output.line("%d lanes at %s", served.size(), asked);
        });
    }

    private void printLate() throws Exception {
        List<LateScore> scores = time.within(() -> LateScore.of(log(connection.settings()), wanted()));
        output.print(Map.of("late", scores), () -> {
            for (LateScore one : scores) {
                output.line(
                        "%-32s %-7s %s of %d labelled, %d expired%s",
                        one.version(),
                        one.shadow() == null ? "served" : "shadow",
                        percent(one.metric(), one.score()),
                        one.labelled(),
                        one.expired(),
                        comparison(one));
            }
            output.line("%d versions whose answers are labelled or expired", scores.size());
        });
    }

    private static String comparison(LateScore one) {
        Comparison with = one.shadow();
        String domain = one.lane().equals(one.version().lane()) ? "" : "; for lane " + one.lane();
        return with == null
                ? domain
                : "%s; the answers to the same: %s, better on %d, worse on %d"
                        .formatted(domain, percent(one.metric(), with.score()), with.better(), with.worse());
    }

    private static String percent(String metric, @Nullable Double score) {
        return score == null ? "-" : String.format(Locale.ROOT, "%s %.1f %%", metric, 100 * score);
    }

    private static String span(ServedVersion one) {
        return "since %s until %s  %s".formatted(one.since(), one.until() == null ? "now" : one.until(), one.reason());
    }

    private record Found(List<VersionSummary> versions, Map<Lane, Serving> serving) {}

    private void list() throws Exception {
        Found found = time.within(() -> {
            RuntimeSettings settings = connection.settings();
            FileArtifactStore store = new FileArtifactStore(settings.store(), AdaptationRuntime.MAX_ARTIFACT_BYTES);
            LaneLog log = log(settings);
            return new Found(VersionSummary.of(log, wanted(), store::size), log.serving(wanted()));
        });
        output.print(found, () -> {
            found.versions().forEach(version -> print(version, found.serving()));
            output.line("%d versions; * serves", found.versions().size());
        });
    }

    private void print(VersionSummary summary, Map<Lane, Serving> serving) {
        ModelVersion version = summary.version();
        Serving champion = serving.get(version.ref().lane());
        boolean serves = champion != null && champion.version().equals(version.ref());
        output.line(
                "%s %-32s %s  parent %-6s %6d samples  %-26s  %-26s  %-9s %-9s  %s  %s",
                serves ? "*" : " ",
                version.ref(),
                version.ref().artifact().abbreviated(),
                parent(version),
                version.lineage().samples(),
                score("served", summary.whileServing()),
                score("learned", summary.whileLearning()),
                size(summary.headBytes()),
                size(summary.checkpointBytes()),
                version.createdAt(),
                version.labels());
    }

    private static String score(String when, @Nullable Score score) {
        return score == null
                ? when + " -"
                : String.format(
                        Locale.ROOT, "%s %s %.1f %% of %d", when, score.metric(), 100 * score.value(), score.samples());
    }

    private static String size(@Nullable Long bytes) {
        return bytes == null ? "no file" : Bytes.text(bytes);
    }

    private static String parent(ModelVersion version) {
        var parent = version.lineage().parent();
        return parent == null
                ? "none"
                : parent.lane().equals(version.ref().lane()) ? Long.toString(parent.number()) : parent.toString();
    }
}
