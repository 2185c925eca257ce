package io.headwater.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.DeadLetterHeaders;
import io.headwater.domain.Rejection.Reason;
import io.headwater.kafka.Topic;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import io.headwater.testing.ZeroBatch;
import io.headwater.trainer.Adaptations;
import io.headwater.trainer.History;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Records that are small on a topic and large when they are unpacked end a process at most once. */
@OnEmbeddedBroker
@Timeout(300)
class OversizeRecordIT {
    private static final int HUGE = 700 << 20;
    private static final int LARGE = 12 << 20;

    @TempDir
    private Path folder;

    @Test
    void shouldLearnAllOthersAfterASampleThatNoProcessCanHold(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            send(installation, domain, 0, 20);
            long offset = zeros(installation, Topic.SAMPLES, HUGE);
            send(installation, domain, 20, 40);

            assertThat(train(installation, 2)).isEqualTo(2);

            requireLearned(installation, domain, 40);
            new History(installation).requireReplayable();
            requireLetters(installation, Topic.SAMPLES, Reason.CRASHES, List.of(offset));
        }
    }

    @Test
    void shouldLearnAllAfterACommandThatNoProcessCanHold(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            send(installation, domain, 0, 20);
            long offset = zeros(installation, Topic.COMMANDS, HUGE);
            send(installation, domain, 20, 40);

            assertThat(train(installation, 2)).isEqualTo(2);

            requireLearned(installation, domain, 40);
            requireLetters(installation, Topic.COMMANDS, Reason.CRASHES, List.of(offset));
        }
    }

    @Test
    void shouldAnswerAllOthersAfterARequestThatNoProcessCanHold(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = served(installation);
            installation.request(domain, "first", "a text");
            installation.flush();
            long offset = zeros(installation, Topic.REQUESTS, HUGE);
            installation.request(domain, "last", "a text");
            installation.flush();

            answer(broker, installation, domain, 2, 2);

            requireLetters(installation, Topic.REQUESTS, Reason.CRASHES, List.of(offset));
        }
    }

    /** Together they would not fit into the memory of the process. */
    @Test
    void shouldHoldFewLargeSamplesAtATime(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = installation.domain(0, 0);
            for (int i = 0; i < 40; i++) {
                zeros(installation, Topic.SAMPLES, LARGE);
            }
            send(installation, domain, 0, 20);

            assertThat(train(installation, 1)).isEqualTo(1);

            requireLearned(installation, domain, 20);
            assertThat(new History(installation).deadLetters().values())
                    .hasSize(40)
                    .containsOnly(Reason.TOO_LARGE);
        }
    }

    @Test
    void shouldHoldFewLargeRequestsAtATime(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            String domain = served(installation);
            for (int i = 0; i < 40; i++) {
                zeros(installation, Topic.REQUESTS, LARGE);
            }
            installation.request(domain, "last", "a text");
            installation.flush();

            answer(broker, installation, domain, 1, 1);

            assertThat(new History(installation).deadLetters().values())
                    .hasSize(40)
                    .containsOnly(Reason.TOO_LARGE);
        }
    }

    private Installation open(BrokerUnderTest broker) {
        return HarmProcess.installation(folder, broker.bootstrapServers(), broker.fresh("oversize"))
                .open()
                .createTopics();
    }

    private static void send(Installation installation, String domain, int from, int to) {
        for (int i = from; i < to; i++) {
            Adaptations.send(installation, domain, i);
        }
        installation.flush();
    }

    /** Lets a version serve the domain whose name is returned. */
    private static String served(Installation installation) {
        String domain = installation.domain(0, 0);
        send(installation, domain, 0, 20);
        installation.train();
        return domain;
    }

    /** Sends zeros to the first partition, and returns the offset. */
    private static long zeros(Installation installation, Topic topic, int size) throws Exception {
        TopicPartition partition = installation.topics().partition(topic, 0);
        return ZeroBatch.send(installation.bootstrapServers(), partition, installation.domain(0, 0), size);
    }

    /** Trains to the end of the topics, and returns how many processes that needed. */
    private int train(Installation installation, int mostStarts) throws Exception {
        for (int starts = 1; starts <= mostStarts; starts++) {
            if (HarmProcess.train(folder, installation.bootstrapServers(), prefix(installation))
                            .waitFor()
                    == 0) {
                return starts;
            }
        }
        throw new AssertionError(HarmProcess.log(folder));
    }

    private void answer(BrokerUnderTest broker, Installation installation, String domain, int answers, int mostStarts)
            throws Exception {
        RunningHarm.predict(
                folder,
                broker,
                prefix(installation),
                () -> installation.records(Topic.PREDICTIONS, domain).size() >= answers,
                mostStarts);
        assertThat(installation.records(Topic.PREDICTIONS, domain)).hasSize(answers);
    }

    private static String prefix(Installation installation) {
        String prefix = installation.topics().prefix();
        return prefix.substring(0, prefix.length() - 1);
    }

    private static void requireLearned(Installation installation, String domain, int samples) {
        var versions = new History(installation).versions(domain);
        assertThat(versions.get(versions.size() - 1).totalSamples()).isEqualTo(samples);
    }

    private static void requireLetters(Installation installation, Topic topic, Reason reason, List<Long> offsets) {
        List<DeadLetterHeaders> letters = new History(installation)
                .deadLetterRecords().stream().map(History::headers).toList();
        assertThat(letters).extracting(DeadLetterHeaders::offset).containsExactlyElementsOf(offsets);
        assertThat(letters).allSatisfy(letter -> {
            assertThat(letter.topic()).isEqualTo(installation.topics().name(topic));
            assertThat(letter.rejection().reason()).isEqualTo(reason);
        });
    }
}
