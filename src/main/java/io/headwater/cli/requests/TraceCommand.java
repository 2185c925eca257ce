package io.headwater.cli.requests;

import io.headwater.cli.console.ConnectedCommand;
import io.headwater.cli.console.DomainConverter;
import io.headwater.cli.console.TimeConverter;
import io.headwater.domain.ServedVersion;
import io.headwater.kafka.Topic;
import io.headwater.ops.RuntimeSettings;
import io.headwater.ops.trace.RequestTrace;
import io.headwater.ops.trace.RequestTrace.Answered;
import io.headwater.ops.trace.RequestTrace.Asked;
import io.headwater.ops.trace.RequestTrace.Fate;
import io.headwater.ops.trace.RequestTrace.Joined;
import io.headwater.ops.trace.RequestTrace.Labelled;
import io.headwater.ops.trace.RequestTrace.State;
import io.headwater.ops.trace.TraceSearch;
import io.headwater.ops.trace.TraceSearch.Trace;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code headwater trace}. */
@Command(
        name = "trace",
        description = {
            "Show the way of a request: when it was asked, which version answered what, what was right, and which"
                    + " versions learned it.",
            "All records since a time are searched; name the domain to search only its partition."
        })
public class TraceCommand extends ConnectedCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "The id of the request or of the sample.")
    String id;

    @Option(
            names = "--domain",
            paramLabel = "NAME",
            converter = DomainConverter.class,
            description = "The domain of the request. Default: all domains.")
    @Nullable
    String domain;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description =
                    "Search records from this time on, such as 2026-01-31T12:00:00Z or, for how long ago, 90m, 12h or"
                            + " 7d. Default: 7d, for which labels are kept.")
    @Nullable
    Instant since;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (id.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "ID must be that of a request, but is empty");
        }
        Instant from = since == null ? Instant.now().minus(Topic.LABELS.retention()) : since;
        Trace trace = time.within(() -> {
            RuntimeSettings settings = connection.settings();
            return TraceSearch.of(connection.clients(settings), connection.codec(settings), id, domain, from);
        });
        if (trace.requests().isEmpty()) {
            throw new IllegalArgumentException(
                    "none of the %d records since %s is about a request '%s'%s; check the id, or search more with --since 30d"
                            .formatted(trace.records(), from, id, domain == null ? "" : " of domain '" + domain + "'"));
        }
        output.print(trace, () -> print(trace));
        return 0;
    }

    private void print(Trace trace) {
        trace.requests().forEach(this::print);
        if (trace.moreDomains()) {
            output.line("… and in more domains; name one with --domain");
        }
        output.line("searched %d records since %s", trace.records(), trace.since());
    }

    private void print(RequestTrace request) {
        output.line("request '%s' of domain '%s'", id, request.domain());
        Asked asked = request.request();
        if (asked == null) {
            output.line("asked     not found");
        } else {
            output.line(
                    "asked     %s  %s of %d bytes, %s%s",
                    asked.askedAt(),
                    asked.payload(),
                    asked.bytes(),
                    asked.place(),
                    asked.adaptation().isEmpty() ? "" : ", for adaptation " + asked.adaptation());
        }
        for (ServedVersion served : request.served()) {
            output.line(
                    "serving   %s: %s", served.lane(), served.version() == null ? served.reason() : served.version());
        }
        for (Answered answer : request.predictions()) {
            output.line(
                    "%-9s %s  %s%s by %s (%s)%s%s",
                    answer.shadow() ? "shadowed" : "answered",
                    answer.at(),
                    answer.answer(),
                    answer.probability() == null ? "" : String.format(Locale.ROOT, " %.3f", answer.probability()),
                    answer.version(),
                    answer.version().artifact().abbreviated(),
                    answer.abstains() ? ", abstains" : "",
                    answer.asked() > 0
                            ? String.format(
                                    Locale.ROOT, ", chosen to be labelled with probability %.3g", answer.asked())
                            : "");
        }
        for (Labelled label : request.labels()) {
            output.line(
                    "labelled  %s  %s%s%s",
                    label.observedAt(),
                    label.label(),
                    label.delay() == null
                            ? ""
                            : String.format(Locale.ROOT, ", %.1f s after the request", label.delay()),
                    label.corrects() == null ? "" : ", corrects " + label.corrects());
        }
        request.samples().forEach(this::print);
        request.deadLetters()
                .forEach(letter -> output.line(
                        "refused   %s  %s of %s: %s: %s",
                        letter.at(), letter.id(), letter.topic(), letter.reason(), letter.message()));
        if (request.left() > 0) {
            output.line("… and %d more records", request.left());
        }
    }

    private void print(Joined sample) {
        output.line(
                "sample    %s  %s%s, %s",
                sample.place().at(),
                sample.label() == null ? "no label" : sample.label(),
                sample.corrects() == null ? "" : ", corrects " + sample.corrects(),
                sample.place());
        for (Fate fate : sample.lanes()) {
            output.line(
                    "          %s: %s%s%s%s",
                    fate.lane(),
                    fate.state().text(),
                    fate.version() == null ? "" : " version " + fate.version().number(),
                    fate.servedSince() == null ? "" : ", served since " + fate.servedSince(),
                    fate.removedBy() == null
                            ? ""
                            : ", %s by version %d"
                                    .formatted(
                                            fate.state() == State.CORRECTED ? "corrected" : "forgotten",
                                            fate.removedBy().number()));
        }
    }
}
