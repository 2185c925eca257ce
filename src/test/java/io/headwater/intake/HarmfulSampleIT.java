package io.headwater.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import io.headwater.trainer.Adaptations;
import io.headwater.trainer.History;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sample that ends or blocks the process which prepares it does so only once, and becomes a dead letter. */
@OnEmbeddedBroker
@Timeout(300)
class HarmfulSampleIT {
    @TempDir
    private Path folder;

    @Test
    void shouldGoOnAfterASampleThatEndedTheProcess(BrokerUnderTest broker) throws Exception {
        requireThatAllOthersAreLearned(broker, 30, List.of(Harm.ABORT), 2);
    }

    @Test
    void shouldGoOnAfterOneHarmAfterAnotherThatBeginsWithTheFirstSample(BrokerUnderTest broker) throws Exception {
        requireThatAllOthersAreLearned(broker, 0, List.of(Harm.values()), 2);
    }

    @Test
    void shouldGoOnInTheSameProcessWhenItIsOnlyBlocked(BrokerUnderTest broker) throws Exception {
        requireThatAllOthersAreLearned(broker, 30, List.of(Harm.LOOP, Harm.STACK, Harm.EXCEPTION), 1);
    }

    /** The process after the one that was ended finds the record. */
    private void requireThatAllOthersAreLearned(BrokerUnderTest broker, int before, List<Harm> harms, int mostStarts)
            throws Exception {
        String prefix = broker.fresh("harm");
        try (Installation installation = HarmProcess.installation(folder, broker.bootstrapServers(), prefix)
                .open()
                .createTopics()) {
            // Given harmful samples among others
            String domain = installation.domain(0, 0);
            for (int i = 0; i < before; i++) {
                Adaptations.send(installation, domain, i);
            }
            for (Harm harm : harms) {
                byte[] value =
                        installation.value(new Payload.Text("a text that does harm: " + harm), Adaptations.label(0));
                installation.send(domain, value, false);
            }
            for (int i = before; i < 60; i++) {
                Adaptations.send(installation, domain, i);
            }
            // And a lane on another partition, whose records are tried at the same time
            for (int i = 0; i < 60; i++) {
                Adaptations.send(installation, installation.domain(1, 0), i);
            }
            installation.sent();

            // When
            int starts = 0;
            int status = -1;
            while (status != 0 && starts < mostStarts) {
                status = HarmProcess.train(folder, broker.bootstrapServers(), prefix)
                        .waitFor();
                starts++;
            }

            // Then
            assertThat(status).as(() -> HarmProcess.log(folder)).isZero();
            History history = new History(installation);
            history.requireExactlyOnce();
            history.requireReplayable();
            assertThat(history.deadLetters().values()).hasSize(harms.size()).containsOnly(Reason.CRASHES);
            assertThat(folder.resolve("in-flight")).isEmptyDirectory();
        }
    }
}
