package io.headwater.cli;

import io.headwater.domain.Command.Action;
import io.headwater.domain.ForgottenSample;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.TrainerState;
import io.headwater.kafka.Clients;
import io.headwater.ops.CommandDispatch;
import io.headwater.ops.LaneLog;
import io.headwater.ops.RuntimeSettings;
import io.headwater.ops.SampleSearch;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headwater forget}. */
@Command(
        name = "forget",
        description =
                "Remove a sample from what a lane has learned. The sample itself stays on its topic until that is deleted.")
class ForgetCommand extends DecisionCommand {
    @Option(names = "--sample", required = true, paramLabel = "ID", description = "Id of the sample.")
    String sample;

    @Override
    Integer decide() throws InterruptedException {
        RuntimeSettings settings = connection.settings();
        Clients clients = connection.clients(settings);
        LaneLog log = new LaneLog(clients, connection.codec(settings));
        SampleSearch search = SampleSearch.of(clients, connection.codec(settings), log, lane, sample);
        if (search.learned().isEmpty()) {
            throw new IllegalArgumentException(
                    search.found().isEmpty()
                            ? "lane '%s' has no sample with the id '%s' on the samples topic".formatted(lane, sample)
                            : "sample '%s' of lane '%s' is on the samples topic at %s, but the lane has not learned from it since it began, or has forgotten it"
                                    .formatted(sample, lane, search.found()));
        }
        TrainerState state = carryOut(
                new CommandDispatch(clients, connection.codec(settings)),
                Action.FORGET,
                null,
                sample,
                search.learned());
        ModelVersion version = published(log, state.version());
        List<ForgottenSample> forgotten = version.lineage().forgotten().stream()
                .filter(one -> one.sampleId().equals(sample))
                .toList();
        output.print(
                Map.of(
                        "lane", lane.key(),
                        "sample", sample,
                        "found", search.found(),
                        "version", version.ref(),
                        "forgotten", forgotten),
                () -> print(search, version, forgotten));
        return 0;
    }

    private void print(SampleSearch search, ModelVersion version, List<ForgottenSample> forgotten) {
        output.line(
                "sample '%s' found %d times; version %s forgets it at offsets %s",
                sample, search.found().size(), version.ref(), search.learned());
        TreeSet<String> remaining = new TreeSet<>();
        forgotten.forEach(one -> remaining.addAll(one.remaining()));
        if (!remaining.isEmpty()) {
            output.line(
                    "still dependent on it: %s; 'headwater retrain' lets the lane begin anew without it",
                    String.join(", ", remaining));
        }
        output.line(
                "'headwater promote --lane %s' lets version %d serve at once",
                lane, version.ref().number());
    }
}
