package io.headwater.cli;

import io.headwater.config.TaskKind;
import io.headwater.ops.RuntimeSettings;
import io.headwater.standalone.Dataset;
import io.headwater.standalone.Item;
import io.headwater.standalone.Progress;
import io.headwater.standalone.SampleProducer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
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
            "DATA is a file of label<TAB>text lines, or a folder or zip of class folders of images or sounds. With",
            "--numbers it is a file of label<TAB>numbers lines, the numbers between spaces or commas."
        })
class ProduceCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    Output output;

    @Mixin
    Connection connection;

    @Option(names = "--data", required = true, paramLabel = "DATA", description = "What to send, in this order.")
    Path data;

    @Option(
            names = "--domain",
            required = true,
            paramLabel = "NAME",
            converter = DomainConverter.class,
            description = "The domain that it belongs to.")
    String domain;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Records a second; 0 for as fast as possible. Default: ${DEFAULT-VALUE}.")
    double rate;

    @Option(names = "--numbers", description = "Lines hold numbers for a task tensor-classification, not text.")
    boolean numbers;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (!(rate >= 0)) {
            throw new ParameterException(spec.commandLine(), "--rate must be 0 or above, but is " + rate);
        }
        Dataset dataset = Dataset.open(data, numbers ? TaskKind.TENSOR_CLASSIFICATION : TaskKind.TEXT_CLASSIFICATION);
        dataset.faults().forEach(fault -> System.err.println("headwater: skipped " + fault));
        RuntimeSettings settings = connection.settings();
        Progress progress = Terminal.progress();
        progress.begin("produce", dataset.items().size());
        try (SampleProducer producer =
                new SampleProducer(connection.clients(settings), connection.codec(settings), Clock.systemUTC())) {
            long next = System.nanoTime();
            for (Item item : dataset.items()) {
                producer.sample(domain, item.id(), item.payload(), item.label());
                progress.advance(1);
                if (rate > 0) {
                    next += (long) (TimeUnit.SECONDS.toNanos(1) / rate);
                    TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
                }
            }
            producer.flush();
        }
        progress.end();
        Map<String, Object> result = Map.of(
                "domain",
                domain,
                "sent",
                dataset.items().size(),
                "skipped",
                dataset.faults().size());
        output.print(
                result,
                () -> output.line(
                        "sent %d samples of domain %s, skipped %d bad rows",
                        dataset.items().size(), domain, dataset.faults().size()));
        return 0;
    }
}
