package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.codec.EventType;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.kafka.Topic;
import io.headwater.standalone.Progress;
import io.headwater.standalone.SampleProducer;
import io.headwater.standalone.data.Item;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import io.headwater.testing.TestTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Tests what {@code produce} has sent when it ends early, and that the {@code --skip} it names continues behind it. */
@OnEmbeddedBroker
@Timeout(180)
class SendingTest {
    private static final Path DATA = Path.of("reviews.tsv");
    private static final int MAX_BYTES = 20_000;
    private static final int ITEMS = 40;
    private static final int BAD = 25;

    @TempDir
    private Path folder;

    /** The topic takes 20,000 bytes; the client itself refuses records that are more than 2 MiB larger. */
    @ParameterizedTest
    @ValueSource(ints = {MAX_BYTES, 3_000_000})
    void shouldStopAtAnItemThatIsTooLarge(int length, BrokerUnderTest broker) throws Exception {
        List<Item> items = items();
        items.set(BAD, item(BAD, "x".repeat(length)));
        try (TestTopics topics = topics(broker)) {
            String domain = topics.domain(0, 0);
            assertThatThrownBy(() -> send(topics, domain, 0, items))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("stopped at item 26 ('reviews:25'), which cannot be sent")
                    .hasMessageContaining("acknowledged the 25 items before it in this run")
                    .hasMessageContaining("go on with --skip 25, or leave it out with --skip 26");
            assertThat(ids(topics, domain)).isEqualTo(ids(items.subList(0, BAD)));

            assertThat(send(topics, domain, BAD + 1, items)).isTrue();
            items.remove(BAD);
            assertThat(ids(topics, domain)).isEqualTo(ids(items));
        }
    }

    @Test
    void shouldCountTheItemsBeforeTheFirstOfThisRun(BrokerUnderTest broker) throws Exception {
        List<Item> items = items();
        items.set(BAD, item(BAD, "x".repeat(MAX_BYTES)));
        try (TestTopics topics = topics(broker)) {
            String domain = topics.domain(0, 0);
            assertThatThrownBy(() -> send(topics, domain, 20, items))
                    .hasMessageContaining("stopped at item 26 ('reviews:25')")
                    .hasMessageContaining("acknowledged the 5 items before it in this run")
                    .hasMessageContaining("go on with --skip 25, or leave it out with --skip 26");
        }
    }

    @Test
    void shouldStopAtAnItemThatCannotBeRead(BrokerUnderTest broker) throws Exception {
        List<Item> items = items();
        items.set(BAD, new Item("reviews:25", new Label.ClassLabel("good"), () -> {
            throw new IllegalArgumentException("photo '25.jpg' is gone");
        }));
        try (TestTopics topics = topics(broker)) {
            String domain = topics.domain(0, 0);
            assertThatThrownBy(() -> send(topics, domain, 0, items))
                    .hasMessageContaining("photo '25.jpg' is gone; the brokers acknowledged the 25 items before it")
                    .hasMessageContaining("--skip 26");
            assertThat(ids(topics, domain)).isEqualTo(ids(items.subList(0, BAD)));
        }
    }

    /** The process is started as from a terminal: a signal that is ignored stays ignored in a child. */
    @Test
    void shouldSayWhatWasSentWhenItIsInterrupted(BrokerUnderTest broker) throws Exception {
        int count = 2000;
        StringBuilder lines = new StringBuilder();
        IntStream.range(0, count)
                .forEach(i -> lines.append("good\ttext ").append(i).append('\n'));
        Path data = Files.writeString(folder.resolve("reviews.tsv"), lines);
        try (TestTopics topics = topics(broker)) {
            String domain = topics.domain(0, 0);
            List<String> arguments = List.of(
                    "produce",
                    "--data=" + data,
                    "--domain=" + domain,
                    "--bootstrap-servers=" + broker.bootstrapServers(),
                    "--topics-prefix=" + topics.topics().prefix());
            Process process = start(arguments, "--rate=20");
            Await.until("some samples to be sent", () -> ids(topics, domain).size() >= 3);
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();

            List<String> sent = ids(topics, domain);
            String said = Files.readString(folder.resolve("stderr"));
            Matcher skip = Pattern.compile("acknowledged the first (\\d+) of the 2000 items .* --skip (\\d+)")
                    .matcher(said);
            assertThat(skip.find()).as(said).isTrue();
            assertThat(List.of(skip.group(1), skip.group(2))).containsOnly(Integer.toString(sent.size()));

            List<String> rest = new ArrayList<>(arguments);
            rest.add("--skip=" + sent.size());
            int code = HeadwaterMain.commandLine(CommandLine.defaultFactory()).execute(rest.toArray(String[]::new));
            assertThat(code).isZero();
            assertThat(ids(topics, domain)).hasSize(count).doesNotHaveDuplicates();
        }
    }

    private Process start(List<String> arguments, String more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx300m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                ProduceProcess.class.getName()));
        command.addAll(arguments);
        command.add(more);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.redirectError(folder.resolve("stderr").toFile())
                .redirectOutput(folder.resolve("stdout").toFile())
                .start();
    }

    /** A process that runs one command. */
    static final class ProduceProcess {
        public static void main(String[] arguments) {
            System.exit(HeadwaterMain.commandLine(CommandLine.defaultFactory()).execute(arguments));
        }
    }

    private static TestTopics topics(BrokerUnderTest broker) {
        TestTopics topics = new TestTopics(broker.bootstrapServers(), broker.fresh("sending") + ".", 1, MAX_BYTES);
        topics.ensure();
        return topics;
    }

    private static boolean send(TestTopics topics, String domain, int skip, List<Item> items)
            throws InterruptedException {
        try (SampleProducer producer = new SampleProducer(topics.clients(), topics.codec(), Clock.systemUTC())) {
            List<Item> rest = items.subList(skip, items.size());
            return new Sending<>(
                            producer,
                            DATA,
                            skip,
                            rest,
                            Item::id,
                            item -> producer.sample(domain, item.id(), item.payload(), item.label()))
                    .all(0, Progress.NONE);
        }
    }

    private static List<Item> items() {
        return new ArrayList<>(
                IntStream.range(0, ITEMS).mapToObj(i -> item(i, "text " + i)).toList());
    }

    private static Item item(int number, String text) {
        return new Item("reviews:" + number, new Label.ClassLabel("good"), () -> new Payload.Text(text));
    }

    private static List<String> ids(List<Item> items) {
        return items.stream().map(Item::id).toList();
    }

    private static List<String> ids(TestTopics topics, String domain) {
        return topics.records(Topic.SAMPLES, domain).stream()
                .map(record -> topics.codec()
                        .decodeOrThrow(EventType.SAMPLE, record.value())
                        .id())
                .toList();
    }
}
