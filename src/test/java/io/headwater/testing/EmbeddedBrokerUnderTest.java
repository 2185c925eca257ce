package io.headwater.testing;

import io.headwater.standalone.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A broker in this JVM, with data in a temporary directory that is deleted with it. */
final class EmbeddedBrokerUnderTest extends BrokerUnderTest {

    private final Path directory;
    private final EmbeddedBroker broker;

    EmbeddedBrokerUnderTest() {
        try {
            directory = Files.createTempDirectory("headwater-test-broker");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        broker = EmbeddedBroker.startIn(directory);
    }

    @Override
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    @Override
    public void close() {
        broker.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
