package io.headwater.cli;

import io.headwater.cli.console.Bytes;
import io.headwater.cli.console.ConnectedCommand;
import io.headwater.domain.Digest;
import io.headwater.kafka.Clients;
import io.headwater.kafka.LaneEvents;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.OrphanSweep;
import io.headwater.ops.Retention;
import io.headwater.ops.RuntimeSettings;
import io.headwater.ops.StoreSpace;
import io.headwater.ops.StoreSpace.Space;
import io.headwater.store.FileArtifactStore;
import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headwater store}. */
@Command(
        name = "store",
        description =
                "Show what takes the space of the artifact store, and what the retention deletes. Nothing is deleted"
                        + " without --sweep.")
class StoreCommand extends ConnectedCommand implements Callable<Integer> {
    @Option(
            names = "--retention-age",
            paramLabel = "TIME",
            descriptionKey = "headwater.retention.age",
            defaultValue = "24h",
            description = "Versions younger than this are kept. Default: ${DEFAULT-VALUE}.")
    String age;

    @Option(
            names = "--retention-versions",
            paramLabel = "N",
            descriptionKey = "headwater.retention.versions",
            defaultValue = "100",
            description = "Newest versions of each lane that are kept. Default: ${DEFAULT-VALUE}.")
    int versions;

    @Option(
            names = "--retention-every",
            paramLabel = "N",
            descriptionKey = "headwater.retention.every",
            defaultValue = "2000",
            description =
                    "Of all other versions, one in so many is kept; 1 for all, 0 for none. Default: ${DEFAULT-VALUE}.")
    long every;

    @Option(
            names = "--minimum-age",
            paramLabel = "TIME",
            descriptionKey = "headwater.sweep.minimum-age",
            defaultValue = "24h",
            description = "Younger artifacts are not deleted, at least 1h. Default: ${DEFAULT-VALUE}.")
    String minimumAge;

    @Option(names = "--sweep", description = "Delete now what the next sweep of a trainer would delete.")
    boolean sweep;

    @Option(names = "--dry-run", description = "List what --sweep deletes, and delete nothing.")
    boolean dryRun;

    @Override
    public Integer call() throws Exception {
        Retention retention = new Retention(time("--retention-age", age), versions, every);
        Duration least = time("--minimum-age", minimumAge);
        if (least.compareTo(OrphanSweep.LEAST_AGE) < 0) {
            throw new IllegalArgumentException(
                    "--minimum-age must be at least %dh, but is '%s'; a trainer may be publishing"
                            .formatted(OrphanSweep.LEAST_AGE.toHours(), minimumAge));
        }
        Found found = time.within(() -> find(retention, least));
        output.print(json(found.space(), found.deleted()), () -> print(found.space(), found.deleted()));
        return 0;
    }

    /**
     * What was found.
     *
     * @param deleted number of artifacts that were deleted
     */
    private record Found(StoreSpace space, int deleted) {}

    private Found find(Retention retention, Duration least) {
        RuntimeSettings settings = connection.settings();
        Clients clients = connection.clients(settings);
        LaneEvents events = new LaneEvents(connection.codec(settings));
        FileArtifactStore store = new FileArtifactStore(settings.store(), AdaptationRuntime.MAX_ARTIFACT_BYTES);
        InstantSource clock = InstantSource.system();
        StoreSpace space = StoreSpace.of(clients, events, store, retention, least, clock.instant());
        int deleted = sweep && !dryRun ? new OrphanSweep(clients, events, store, retention, least, clock).run() : 0;
        return new Found(space, deleted);
    }

    private Map<String, Object> json(StoreSpace space, int deleted) {
        Map<String, Object> json = new TreeMap<>(Map.of(
                "store", connection.store.toString(),
                "all", space.all(),
                "lanes", space.lanes(),
                "configurations", space.configurations(),
                "unreferenced", space.unreferenced(),
                "freed", space.freed(),
                "deleted", deleted));
        if (dryRun) {
            json.put("deletes", space.deletable());
        }
        return json;
    }

    private void print(StoreSpace space, int deleted) {
        space.lanes()
                .forEach(lane -> line(
                        lane.lane(),
                        lane.space(),
                        "%d of %d versions are kept".formatted(lane.kept(), lane.versions())));
        line("configurations", space.configurations(), "");
        line(
                "not kept",
                space.unreferenced(),
                "%d of them, %s, are older than %s: %s"
                        .formatted(
                                space.freed().artifacts(),
                                Bytes.text(space.freed().bytes()),
                                minimumAge,
                                sweep && !dryRun ? deleted + " files are deleted" : "the next sweep deletes them"));
        line("all", space.all(), connection.store.toString());
        if (dryRun) {
            for (Digest digest : space.deletable()) {
                output.line("would delete %s", digest);
            }
        }
    }

    private void line(String what, Space space, String remark) {
        output.line(
                "%s",
                "%-32s %9d artifacts %10s  %s"
                        .formatted(what, space.artifacts(), Bytes.text(space.bytes()), remark)
                        .stripTrailing());
    }

    private static Duration time(String option, String text) {
        try {
            return DurationConverter.parseDuration(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s must be a time such as 24h or 30m, but is '%s'".formatted(option, text));
        }
    }
}
