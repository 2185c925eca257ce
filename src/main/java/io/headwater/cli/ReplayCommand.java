package io.headwater.cli;

import io.headwater.cli.console.TimeLimit;
import io.headwater.config.AdaptationFile;
import io.headwater.domain.Digest;
import io.headwater.domain.ModelVersion;
import io.headwater.kafka.PartitionReader;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.LaneLog;
import io.headwater.ops.RuntimeSettings;
import io.headwater.store.FileArtifactStore;
import io.headwater.trainer.LaneReplay;
import io.headwater.trainer.Replay;
import io.headwater.trainer.ReplayException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwater replay}. */
@Command(
        name = "replay",
        description =
                "Rebuild versions from their parents and the log, and compare digests. A version whose parent has no"
                        + " checkpoint any more is rebuilt from the nearest version before it that has one. Versions whose"
                        + " samples the log no longer contains are reported. The exit code is 1 if a version differs or if none can be rebuilt.")
class ReplayCommand extends LaneCommand implements Callable<Integer> {
    private static final long MAX_CONFIGURATION_BYTES = 1L << 20;

    @Mixin
    TimeLimit time;

    @Option(names = "--version", paramLabel = "N", description = "The version. Default: every version of the lane.")
    @Nullable
    Long number;

    /** A rebuilt version. */
    record Rebuilt(String lane, long version, Digest expected, Digest rebuilt, int samples, boolean matches) {}

    /** A version that cannot be rebuilt, because its samples are no longer in the log. */
    record Gone(String lane, long version, String reason) {}

    private final List<Rebuilt> rebuilt = new ArrayList<>();
    private final List<Gone> gone = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        RuntimeSettings settings = connection.settings(time);
        LaneLog log = new LaneLog(connection.clients(settings), connection.codec(settings));
        List<ModelVersion> all = time.within(() -> log.versions(lane::equals));
        List<ModelVersion> versions = all.stream()
                .filter(version -> number == null || version.ref().number() == number)
                .toList();
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("lane '%s' has no version %s; 'headwater versions' lists what there is"
                    .formatted(lane, number == null ? "at all" : number));
        }
        rebuild(versions, all, settings);
        boolean allMatch = !rebuilt.isEmpty() && rebuilt.stream().allMatch(Rebuilt::matches);
        output.print(Map.of("versions", rebuilt, "gone", gone, "matches", allMatch), this::print);
        return allMatch ? 0 : 1;
    }

    private void print() {
        gone.forEach(one -> output.line("gone  %s@%d  %s", one.lane(), one.version(), one.reason()));
        rebuilt.forEach(one -> output.line(
                "%s  %s@%d  %s  %d samples",
                one.matches() ? "same" : "DIFFERENT, rebuilt " + one.rebuilt(),
                one.lane(),
                one.version(),
                one.expected(),
                one.samples()));
    }

    private void rebuild(List<ModelVersion> versions, List<ModelVersion> all, RuntimeSettings settings)
            throws Exception {
        Digest configuration = null;
        AdaptationRuntime runtime = null;
        LaneReplay replay = null;
        try (PartitionReader reader = new PartitionReader(connection.clients(settings))) {
            for (ModelVersion version : versions) {
                if (runtime == null
                        || replay == null
                        || !version.lineage().configuration().equals(configuration)) {
                    configuration = version.lineage().configuration();
                    close(replay, runtime);
                    runtime = open(configuration, settings);
                    replay = runtime.replay().ofLane(all);
                }
                rebuild(version, replay, reader);
            }
        } finally {
            close(replay, runtime);
        }
    }

    private static void close(@Nullable LaneReplay replay, @Nullable AdaptationRuntime runtime) throws Exception {
        if (replay != null) {
            replay.close();
        }
        if (runtime != null) {
            runtime.close();
        }
    }

    /** Versions after one whose samples are gone can be rebuilt from a checkpoint after it. */
    private void rebuild(ModelVersion version, LaneReplay replay, PartitionReader reader) {
        long current = version.ref().number();
        try {
            Replay.Result result = replay.rebuild(version, reader);
            rebuilt.add(new Rebuilt(
                    lane.key(),
                    current,
                    version.ref().artifact(),
                    result.rebuilt(),
                    result.samples(),
                    result.matches()));
        } catch (ReplayException e) {
            if (!e.samplesAreGone()) {
                throw e;
            }
            gone.add(new Gone(lane.key(), current, String.valueOf(e.getMessage())));
        }
    }

    /** Opens the adaptation with the configuration of this digest. */
    static AdaptationRuntime open(Digest configuration, RuntimeSettings settings) {
        byte[] canonical = new FileArtifactStore(settings.store(), MAX_CONFIGURATION_BYTES).get(configuration);
        return AdaptationRuntime.open(
                AdaptationFile.parseCanonical(new String(canonical, StandardCharsets.UTF_8)), settings);
    }
}
