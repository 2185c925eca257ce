package io.headwater.cli.requests;

import io.headwater.cli.console.ConnectedCommand;
import io.headwater.cli.console.DomainConverter;
import io.headwater.cli.console.TaskConverter;
import io.headwater.config.TaskKind;
import io.headwater.domain.Label;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Limits;
import io.headwater.ops.RuntimeSettings;
import io.headwater.standalone.SampleProducer;
import io.headwater.standalone.data.LateLabels;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code headwater label}. */
@Command(
        name = "label",
        description = {
            "Say what the right answer to a request was, or correct what was said before.",
            "The role 'streams' makes a sample of request and label. 'headwater produce --labels' sends many."
        })
public class LabelCommand extends ConnectedCommand implements Callable<Integer> {
    @Option(names = "--id", required = true, paramLabel = "ID", description = "The id of the request.")
    String id;

    @Option(
            names = "--domain",
            required = true,
            paramLabel = "NAME",
            converter = DomainConverter.class,
            description = "The domain of the request.")
    String domain;

    @Option(
            names = "--label",
            required = true,
            paramLabel = "LABEL",
            description = {
                "The right answer: a class or a transcript; labels between bars, as 'a|b'; numbers; for",
                "token-classification '{\"tokens\": [\"in\", \"Rome\"], \"tags\": [\"O\", \"B-LOC\"]}'; for",
                "question-answering '{\"start\": 4, \"text\": \"Rome\"}', with -1 for no answer."
            })
    String label;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            converter = TaskConverter.class,
            defaultValue = "text-classification",
            description = "The task of the adaptation, by which the label is read. Default: one class.")
    TaskKind task;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (id.isEmpty() || id.length() > Limits.ID) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--id must have 1 to %d characters, but has %d".formatted(Limits.ID, id.length()));
        }
        Label right = right();
        RuntimeSettings settings = connection.settings(time);
        time.within(() -> {
            Clock clock = Clock.systemUTC();
            try (SampleProducer producer =
                    new SampleProducer(connection.clients(settings), connection.codec(settings), clock)) {
                producer.label(new LateLabel(id, domain, right, clock.instant()));
                producer.flush();
                return id;
            }
        });
        output.print(
                Map.of("id", id, "domain", domain, "label", right.text()),
                () -> output.line(
                        "sent label '%s' for request '%s' of domain %s; 'headwater trace %s' shows what becomes of it",
                        right.text(), id, domain, id));
        return 0;
    }

    private Label right() {
        try {
            return LateLabels.parse(task, label);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "--label for %s: %s".formatted(task.key(), e.getMessage()), e);
        }
    }
}
