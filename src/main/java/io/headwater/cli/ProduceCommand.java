package io.headwater.cli;

import io.headwater.cli.console.ConnectedCommand;
import io.headwater.cli.console.DomainConverter;
import io.headwater.cli.console.Skipped;
import io.headwater.cli.console.TaskConverter;
import io.headwater.cli.console.Terminal;
import io.headwater.config.TaskKind;
import io.headwater.domain.LateLabel;
import io.headwater.ops.RuntimeSettings;
import io.headwater.standalone.Progress;
import io.headwater.standalone.SampleProducer;
import io.headwater.standalone.data.Dataset;
import io.headwater.standalone.data.Faults;
import io.headwater.standalone.data.Item;
import io.headwater.standalone.data.LateLabels;
import io.headwater.standalone.data.Reads;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code headwater produce}. */
@Command(
        name = "produce",
        description = "Send samples from files to the samples topic, or labels of earlier requests.",
        footer = {
            "",
            "The format of DATA depends on the task: label<TAB>text lines, CSV or JSON Lines; with --numbers,",
            "label<TAB>numbers lines with numbers separated by spaces or commas; a folder or zip with one folder of"
                    + " images",
            "or sounds per class, or a table of labels and paths; CoNLL for token-classification; SQuAD's JSON for",
            "question-answering; JSON Lines of transitions or whole episodes for reinforcement-learning; a folder or"
                    + " zip in",
            "the form of LibriSpeech, or a table of transcripts and paths, for automatic-speech-recognition.",
            "LABELS are CSV or JSON Lines with the columns id, label and, without --domain, domain.",
            "See docs/data.md."
        })
class ProduceCommand extends ConnectedCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    Source source = new Source();

    /** What is sent. */
    static final class Source {
        @Option(names = "--data", paramLabel = "DATA", description = "The samples to send, in their order.")
        @Nullable
        Path data;

        @Option(
                names = "--labels",
                paramLabel = "LABELS",
                description = "The labels of requests to send instead, in their order.")
        @Nullable
        Path labels;
    }

    @Option(
            names = "--domain",
            paramLabel = "NAME",
            converter = DomainConverter.class,
            description = "The domain of the samples, or of all requests that are labelled.")
    @Nullable
    String domain;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Records per second; 0 for as fast as possible. Default: ${DEFAULT-VALUE}.")
    double rate;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            converter = TaskConverter.class,
            description = "The task of the samples. Default: image-classification for a folder, a zip or with --image, "
                    + "tensor-classification with --numbers, otherwise text-classification.")
    @Nullable
    TaskKind task;

    @Option(
            names = "--numbers",
            description = "Lines contain numbers instead of text, for base models that read numbers.")
    boolean numbers;

    @Mixin
    TableOptions table;

    @Option(
            names = "--n-step",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of steps per transition, into which episodes are split. Default: ${DEFAULT-VALUE}.")
    int steps;

    @Option(
            names = "--skip",
            paramLabel = "N",
            defaultValue = "0",
            description = "Skip the first N usable items, as an earlier run that ended early reported. "
                    + "Default: ${DEFAULT-VALUE}.")
    int skip;

    @Option(
            names = "--unlabelled",
            description = "Leave the labels of DATA out. For data without labels, name any column with --label, or put "
                    + "the files into one folder.")
    boolean unlabelled;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (!(rate >= 0)) {
            throw new ParameterException(spec.commandLine(), "--rate must be 0 or above, but is " + rate);
        }
        if (steps < 1 || steps > 100) {
            throw new ParameterException(spec.commandLine(), "--n-step must be from 1 to 100, but is " + steps);
        }
        if (skip < 0) {
            throw new ParameterException(spec.commandLine(), "--skip must be 0 or above, but is " + skip);
        }
        Path labels = source.labels;
        return labels == null ? sendSamples(Objects.requireNonNull(source.data)) : sendLabels(labels);
    }

    private int sendSamples(Path data) throws Exception {
        String of = domain;
        if (of == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--domain=NAME'");
        }
        Dataset dataset = dataset(data);
        if (!send(
                data,
                dataset.items(),
                dataset.faults(),
                Item::id,
                (producer, item) -> producer.sample(of, item.id(), item.payload(), unlabelled ? null : item.label()))) {
            return CommandLine.ExitCode.SOFTWARE;
        }
        int sent = dataset.items().size() - skip;
        long bad = dataset.faults().count();
        output.print(
                Map.of("domain", of, "sent", sent, "skipped", bad),
                () -> output.line("sent %d samples of domain %s, skipped %d bad rows", sent, of, bad));
        return 0;
    }

    private int sendLabels(Path file) throws Exception {
        if (numbers || table.areGiven()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--labels reads the columns id, label and domain; leave out --numbers and the options for columns");
        }
        LateLabels read = LateLabels.open(file, task == null ? TaskKind.TEXT_CLASSIFICATION : task, domain);
        requireSkip(file, read.labels().size());
        Clock clock = Clock.systemUTC();
        // Of two labels of a request, the one that was observed later counts, so that each gets a time of its own.
        if (!send(
                file,
                read.labels(),
                read.faults(),
                LateLabel::id,
                (producer, label) ->
                        producer.label(new LateLabel(label.id(), label.domain(), label.label(), clock.instant())))) {
            return CommandLine.ExitCode.SOFTWARE;
        }
        int sent = read.labels().size() - skip;
        long bad = read.faults().count();
        output.print(
                Map.of("labels", sent, "skipped", bad),
                () -> output.line("sent %d labels of requests, skipped %d bad rows", sent, bad));
        return 0;
    }

    /** Sends items behind those to skip; returns whether all were sent. */
    private <T> boolean send(
            Path file, List<T> all, Faults faults, Function<T, String> id, BiConsumer<SampleProducer, T> send)
            throws Exception {
        Skipped.print(faults);
        RuntimeSettings settings = connection.settings(time);
        Progress progress = Terminal.progress();
        List<T> items = all.subList(skip, all.size());
        progress.begin("produce", items.size());
        try (SampleProducer producer =
                new SampleProducer(connection.clients(settings), connection.codec(settings), Clock.systemUTC())) {
            if (!new Sending<>(producer, file, skip, items, id, item -> send.accept(producer, item))
                    .all(rate, progress)) {
                return false;
            }
        }
        progress.end();
        return true;
    }

    private void requireSkip(Path file, int usable) {
        if (skip > usable) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--skip must be at most the %d usable items of '%s', but is %d".formatted(usable, file, skip));
        }
    }

    private Dataset dataset(Path data) {
        TaskKind kind = task != null ? task : usualTask(data);
        boolean readsAnything = kind == TaskKind.MULTI_LABEL_CLASSIFICATION || kind == TaskKind.REGRESSION;
        Reads reads = !readsAnything
                ? Reads.of(kind)
                : numbers ? Reads.NUMBERS : table.image != null ? Reads.IMAGE : Reads.TEXT;
        if (numbers && reads != Reads.NUMBERS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--numbers must not be given for a task that reads none, but is for " + kind.key()
                            + "; leave it out");
        }
        Dataset dataset = Dataset.open(data, kind, table.columns(reads), steps);
        requireSkip(data, dataset.items().size());
        return dataset;
    }

    private TaskKind usualTask(Path data) {
        if (numbers) {
            return TaskKind.TENSOR_CLASSIFICATION;
        }
        return table.image != null || Dataset.isFolders(data)
                ? TaskKind.IMAGE_CLASSIFICATION
                : TaskKind.TEXT_CLASSIFICATION;
    }
}
