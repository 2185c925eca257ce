package io.headwater.cli;

import io.headwater.cli.console.HelpOption;
import io.headwater.cli.console.Output;
import io.headwater.standalone.EmbeddedBroker;
import io.headwater.standalone.Ports;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwater broker}. */
@Command(
        name = "broker",
        description =
                "Run a single-node Kafka broker for development until it is stopped with Ctrl+C. It listens on 127.0.0.1"
                        + " only and has no replication.")
class BrokerCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    Output output;

    @Option(
            names = "--dir",
            required = true,
            paramLabel = "DIR",
            description =
                    "Folder of the broker's data; created if it does not exist. The topics of an existing folder are kept.")
    Path directory;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "9092",
            description = "Port for clients. Default: ${DEFAULT-VALUE}.")
    int port;

    @Override
    public Integer call() throws InterruptedException {
        Ports ports = new Ports(port, Ports.free().controller());
        try (EmbeddedBroker broker = new EmbeddedBroker(directory, ports, Map.of())) {
            broker.start();
            output.print(
                    Map.of("bootstrapServers", broker.bootstrapServers(), "directory", directory.toString()),
                    () -> output.line(
                            "a broker answers at %s; its data lie in %s; Ctrl+C stops it",
                            broker.bootstrapServers(), directory));
            // The JVM ends without returning to this thread.
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "headwater-broker-stop"));
            Thread.currentThread().join();
        }
        return 0;
    }
}
