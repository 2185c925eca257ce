package io.headwater.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.EventType;
import io.headwater.domain.Prediction;
import io.headwater.domain.Rejection.Reason;
import io.headwater.kafka.Topic;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import io.headwater.trainer.Adaptations;
import io.headwater.trainer.History;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A request that ends or blocks the process which prepares it does so only once, and becomes a dead letter. */
@OnEmbeddedBroker
@Timeout(300)
class HarmfulRequestIT {
    private static final int REQUESTS = 40;

    @TempDir
    private Path folder;

    @Test
    void shouldAnswerAllOthersAfterARequestThatEndedTheProcess(BrokerUnderTest broker) throws Exception {
        requireThatAllOthersAreAnswered(broker, 20, List.of(Harm.ABORT), 2);
    }

    @Test
    void shouldAnswerAllOthersAfterOneHarmAfterAnotherThatBeginsWithTheFirstRequest(BrokerUnderTest broker)
            throws Exception {
        requireThatAllOthersAreAnswered(broker, 0, List.of(Harm.values()), 2);
    }

    @Test
    void shouldAnswerAllOthersInTheSameProcessWhenItIsOnlyBlocked(BrokerUnderTest broker) throws Exception {
        requireThatAllOthersAreAnswered(broker, 20, List.of(Harm.LOOP, Harm.STACK, Harm.EXCEPTION), 1);
    }

    /** Each reads all requests, is ended by the harmful one that it has to answer, and leaves the other alone. */
    @Test
    void shouldMakeOneDeadLetterWhereTwoAdaptationsShareTheTopics(BrokerUnderTest broker) throws Exception {
        String prefix = broker.fresh("harm");
        List<String> adaptations = List.of(HarmProcess.ADAPTATION, "second");
        try (Installation first = HarmProcess.installation(folder, broker.bootstrapServers(), prefix)
                        .open()
                        .createTopics();
                Installation second = HarmProcess.installation(
                                folder, broker.bootstrapServers(), prefix, adaptations.get(1))
                        .open()) {
            String domain = first.domain(0, 0);
            for (int i = 0; i < 24; i++) {
                Adaptations.send(first, domain, i);
            }
            first.train();
            second.train();
            for (int i = 0; i < REQUESTS; i++) {
                if (i == REQUESTS / 2) {
                    first.request(domain, "unnamed", "a text that does harm: " + Harm.ABORT);
                    first.request(domain, "named", "a text that does harm: " + Harm.ABORT, adaptations.get(1));
                }
                first.request(domain, Integer.toString(i), "text " + i, adaptations.get(i % 2));
            }
            first.flush();

            RunningHarm.predict(
                    folder,
                    broker,
                    prefix,
                    adaptations,
                    () -> ids(first, domain).size() >= REQUESTS
                            && new History(first).deadLetterRecords().size() >= 2,
                    2);

            assertThat(ids(first, domain))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, REQUESTS)
                            .mapToObj(Integer::toString)
                            .toList());
            assertThat(new History(first).deadLetterRecords())
                    .extracting(letter -> History.headers(letter).adaptation())
                    .containsExactlyInAnyOrderElementsOf(adaptations);
            assertThat(new History(first).deadLetters().values()).containsOnly(Reason.CRASHES);
        }
    }

    private void requireThatAllOthersAreAnswered(BrokerUnderTest broker, int before, List<Harm> harms, int mostStarts)
            throws Exception {
        String prefix = broker.fresh("harm");
        try (Installation installation = HarmProcess.installation(folder, broker.bootstrapServers(), prefix)
                .open()
                .createTopics()) {
            // Given two lanes on different partitions, and harmful requests among others
            List<String> domains = List.of(installation.domain(0, 0), installation.domain(1, 0));
            for (String domain : domains) {
                for (int i = 0; i < 24; i++) {
                    Adaptations.send(installation, domain, i);
                }
            }
            installation.train();
            for (int i = 0; i < REQUESTS; i++) {
                if (i == before) {
                    for (Harm harm : harms) {
                        installation.request(domains.get(0), harm.name(), "a text that does harm: " + harm);
                    }
                }
                for (String domain : domains) {
                    installation.request(domain, Integer.toString(i), "text " + i);
                }
            }
            installation.flush();

            // When
            RunningHarm.predict(
                    folder,
                    broker,
                    prefix,
                    () -> domains.stream()
                                    .allMatch(
                                            domain -> ids(installation, domain).size() >= REQUESTS)
                            && new History(installation).deadLetters().size() >= harms.size(),
                    mostStarts);

            // Then
            List<String> all =
                    IntStream.range(0, REQUESTS).mapToObj(Integer::toString).toList();
            assertThat(domains)
                    .allSatisfy(domain -> assertThat(ids(installation, domain)).isEqualTo(all));
            History history = new History(installation);
            assertThat(history.deadLetters().values()).hasSize(harms.size()).containsOnly(Reason.CRASHES);
            assertThat(history.deadLetterRecords()).allSatisfy(letter -> {
                assertThat(History.headers(letter).topic())
                        .isEqualTo(installation.topics().name(Topic.REQUESTS));
                assertThat(letter.value()).isNotEmpty();
            });
            assertThat(folder.resolve("in-flight")).isEmptyDirectory();
        }
    }

    private static List<String> ids(Installation installation, String domain) {
        return installation.records(Topic.PREDICTIONS, domain).stream()
                .map(record -> installation.codec().decodeOrThrow(EventType.PREDICTION, record.value()))
                .map(Prediction::requestId)
                .toList();
    }
}
