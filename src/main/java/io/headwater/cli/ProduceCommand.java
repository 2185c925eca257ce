package io.headwater.cli;

import io.headwater.cli.console.ConnectedCommand;
import io.headwater.cli.console.DomainConverter;
import io.headwater.cli.console.Skipped;
import io.headwater.cli.console.TaskConverter;
import io.headwater.cli.console.Terminal;
import io.headwater.config.TaskKind;
import io.headwater.ops.RuntimeSettings;
import io.headwater.standalone.Progress;
import io.headwater.standalone.SampleProducer;
import io.headwater.standalone.data.Dataset;
import io.headwater.standalone.data.Item;
import io.headwater.standalone.data.Reads;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code headwater produce}. */
@Command(
        name = "produce",
        description = "Send labelled samples from files to the samples topic.",
        footer = {
            "",
            "The format of DATA depends on the task: label<TAB>text lines, CSV or JSON Lines; with --numbers,",
            "label<TAB>numbers lines with numbers separated by spaces or commas; a folder or zip with one folder of images",
            "or sounds per class, or a table of labels and paths; CoNLL for token-classification; SQuAD's JSON for",
            "question-answering; JSON Lines of transitions or whole episodes for reinforcement-learning; a folder or zip in",
            "the form of LibriSpeech, or a table of transcripts and paths, for automatic-speech-recognition.",
            "See docs/data.md."
        })
class ProduceCommand extends ConnectedCommand implements Callable<Integer> {
    @Option(names = "--data", required = true, paramLabel = "DATA", description = "The data to send, in its order.")
    Path data;

    @Option(
            names = "--domain",
            required = true,
            paramLabel = "NAME",
            converter = DomainConverter.class,
            description = "The domain of the samples.")
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
        Dataset dataset = dataset();
        Skipped.print(dataset.faults());
        RuntimeSettings settings = connection.settings(time);
        Progress progress = Terminal.progress();
        List<Item> items = dataset.items().subList(skip, dataset.items().size());
        progress.begin("produce", items.size());
        try (SampleProducer producer =
                new SampleProducer(connection.clients(settings), connection.codec(settings), Clock.systemUTC())) {
            if (!new Sending(producer, domain, data, skip, items).all(rate, progress)) {
                return CommandLine.ExitCode.SOFTWARE;
            }
        }
        progress.end();
        int sent = items.size();
        long bad = dataset.faults().count();
        output.print(
                Map.of("domain", domain, "sent", sent, "skipped", bad),
                () -> output.line("sent %d samples of domain %s, skipped %d bad rows", sent, domain, bad));
        return 0;
    }

    private Dataset dataset() {
        TaskKind kind = task != null ? task : usualTask();
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
        if (skip > dataset.items().size()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--skip must be at most the " + dataset.items().size() + " usable items of '" + data + "', but is "
                            + skip);
        }
        return dataset;
    }

    private TaskKind usualTask() {
        if (numbers) {
            return TaskKind.TENSOR_CLASSIFICATION;
        }
        return table.image != null || Dataset.isFolders(data)
                ? TaskKind.IMAGE_CLASSIFICATION
                : TaskKind.TEXT_CLASSIFICATION;
    }
}
