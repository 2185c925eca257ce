package io.headwater.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.Codec;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.ops.RuntimeSettings;
import io.headwater.ops.trace.RequestTrace;
import io.headwater.ops.trace.RequestTrace.State;
import io.headwater.ops.trace.TraceSearch;
import io.headwater.standalone.LateReport.DomainReport;
import io.headwater.standalone.data.Item;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LateDemoEmbeddedTest {
    /** Requests come faster than a slow machine can answer. */
    private static final LatePlan PLAN = new LatePlan(48, Duration.ofMillis(100), 5, 1, 200, 60, 20);

    /** What a demo told while it ran. */
    private static final class Told implements DemoView {
        final Queue<String> labelled = new ConcurrentLinkedQueue<>();
        final Set<String> answered = new ConcurrentSkipListSet<>();
        final Queue<Duration> delays = new ConcurrentLinkedQueue<>();
        private final AtomicInteger answers = new AtomicInteger();
        private int asked;
        private int ahead;

        @Override
        public void answered(String act, String text, boolean right, VersionRef by, double recent, int count) {
            answers.incrementAndGet();
            answered.add(act + ": " + text);
        }

        /** Called by the thread that asks, after each message, which is asked in two lanes. */
        @Override
        public synchronized void standing(String text) {
            asked += 2;
            ahead = Math.max(ahead, asked - answers.get());
        }

        /** The largest number of requests without an answer, or of whose answers the view does not know yet. */
        synchronized int ahead() {
            return ahead;
        }

        @Override
        public void labelled(String act, String text, String label, String answer, Duration delay) {
            assertThat(answered).as("labels come after answers").contains(act + ": " + text);
            labelled.add(act + ": " + text);
            delays.add(delay);
        }
    }

    @Test
    void shouldLearnFromFewLabelsThatComeAfterTheAnswers(@TempDir Path folder) throws Exception {
        Told told = new Told();

        LateReport report = new LateDemo(folder, PLAN, told).run();

        assertThat(told.labelled).isNotEmpty().doesNotHaveDuplicates();
        assertThat(told.delays).containsOnly(PLAN.delay());
        assertThat(report.joined()).isEqualTo(told.labelled.size());
        assertThat(report.joined() + report.expired() + report.open()).isEqualTo(2 * PLAN.requests());
        assertThat(report.deadLetters()).isZero();
        assertThat(told.ahead())
                .as("requests that wait while others are asked")
                .isLessThanOrEqualTo(LateDemo.AHEAD + 3);
        assertThat(report.domains()).extracting(DomainReport::domain).containsExactly("hotel", "clinic");
        assertThat(report.domains()).allSatisfy(domain -> {
            assertThat(domain.requests()).isEqualTo(PLAN.requests());
            assertThat(domain.joined()).isBetween(1, PLAN.requests() / PLAN.oneIn());
            assertThat(chosen(domain.domain())).containsAll(labelled(told, domain.domain()));
        });
        assertThat(report.versions()).isGreaterThan(2);
        assertTraces(folder, Objects.requireNonNull(told.labelled.peek()));
    }

    /** The way of a labelled request, from its question to the version that learned it, as {@code headwater trace} finds it. */
    private static void assertTraces(Path folder, String labelled) throws Exception {
        String domain = labelled.substring(0, labelled.indexOf(':'));
        LateHouse house = LateHouse.of(domain, PLAN);
        Item item = house.late().items().stream()
                .filter(one -> labelled.equals(domain + ": " + DemoFiles.text(one)))
                .findFirst()
                .orElseThrow();
        try (EmbeddedBroker broker = EmbeddedBroker.startIn(folder.resolve("kafka"))) {
            RuntimeSettings settings =
                    RuntimeSettings.local(KafkaSettings.of(broker.bootstrapServers()), folder.resolve("artifacts"), 3);
            RequestTrace trace = TraceSearch.of(
                            new Clients(settings.kafka(), settings.topics()),
                            new Codec(settings.topics().maxRecordBytes()),
                            item.id(),
                            domain,
                            Instant.EPOCH)
                    .requests()
                    .get(0);

            assertThat(trace.request()).isNotNull();
            assertThat(trace.predictions()).hasSize(1);
            assertThat(trace.labels())
                    .singleElement()
                    .satisfies(label ->
                            assertThat(label.label()).isEqualTo(item.label().text()));
            assertThat(trace.samples()).singleElement().satisfies(sample -> {
                assertThat(sample.label()).isEqualTo(item.label().text());
                assertThat(sample.lanes()).singleElement().satisfies(fate -> {
                    assertThat(fate.state()).isEqualTo(State.LEARNED);
                    assertThat(Objects.requireNonNull(fate.version()).lane().domain())
                            .isEqualTo(domain);
                });
            });
            assertThat(trace.deadLetters()).isEmpty();
        }
    }

    private static Set<String> labelled(Told told, String domain) {
        Set<String> labelled = new TreeSet<>();
        told.labelled.stream().filter(one -> one.startsWith(domain + ": ")).forEach(labelled::add);
        return labelled;
    }

    private static Set<String> chosen(String domain) throws Exception {
        LateHouse house = LateHouse.of(domain, PLAN);
        Set<String> texts = new TreeSet<>();
        house.late().items().stream()
                .filter(item -> house.chosen().contains(item.id()))
                .forEach(item -> texts.add(domain + ": " + DemoFiles.text(item)));
        return texts;
    }
}
