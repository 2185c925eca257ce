package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.CheckpointConfig;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests several trainers in one consumer group while partitions are reassigned between them. */
@Timeout(180)
abstract class GroupContract {
    private static final CheckpointConfig OFTEN =
            new CheckpointConfig(3, Duration.ofMillis(200), Duration.ofMillis(50));
    private static final int ROUND = 12;

    @TempDir
    private Path folder;

    private final int[] sent = new int[Installation.PARTITIONS];

    @Test
    void shouldLearnEverySampleOnceWhileTrainersComeAndGo(BrokerUnderTest broker) {
        try (Installation installation = open(broker)) {
            RunningTrainer first = new RunningTrainer(installation, "one");
            try (RunningTrainer second = new RunningTrainer(installation, "two")) {
                try (first) {
                    // Given two trainers with one partition each, the second partition taken over from the first
                    // trainer
                    round(installation, first, second);
                    while (onlyOneIsAtWork(first, second)) {
                        round(installation, first, second);
                    }
                }
                // When the first trainer has left the group
                round(installation, second);
            }
            // Then
            History history = new History(installation);
            history.requireExactlyOnce();
            history.requireReplayable();
            assertThat(first.recoveries()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotLetATrainerCommitThatHasLostItsPartitionsMeanwhile(Stall.At at, BrokerUnderTest broker) {
        try (Installation installation = open(broker)) {
            // Given a trainer that is blocked in a commit for longer than max.poll.interval.ms
            Stall stall = new Stall(at);
            try (RunningTrainer stalled = new RunningTrainer(
                    "stalled",
                    listener -> installation.trainer("stalled", Duration.ofSeconds(2), stall.before(listener)))) {
                send(installation, 0);
                Await.until("the stall", stall::isReached);
                try (RunningTrainer other = new RunningTrainer(installation, "other")) {
                    Await.until("the other trainer to take over", () -> other.learnedTo(0) >= sent[0]);

                    // When
                    stall.release();
                    Await.until(
                            "the commit to fail", () -> !stalled.recoveries().isEmpty());
                    round(installation, stalled, other);
                }
            }
            // Then
            History history = new History(installation);
            history.requireExactlyOnce();
            history.requireReplayable();
        }
    }

    private static boolean onlyOneIsAtWork(RunningTrainer first, RunningTrainer second) {
        return first.learnedTo(0) < 0 && first.learnedTo(1) < 0 || second.learnedTo(0) < 0 && second.learnedTo(1) < 0;
    }

    /** Sends some samples to both partitions and waits until one of {@code trainers} has committed them. */
    private void round(Installation installation, RunningTrainer... trainers) {
        send(installation, 0);
        send(installation, 1);
        for (int p = 0; p < Installation.PARTITIONS; p++) {
            int partition = p;
            Await.until(
                    "partition " + p + " up to " + sent[p],
                    () -> Stream.of(trainers).anyMatch(one -> one.learnedTo(partition) >= sent[partition]));
        }
    }

    private void send(Installation installation, int partition) {
        for (int i = 0; i < ROUND; i++) {
            Adaptations.send(installation, installation.domain(partition, 0), sent[partition]++);
        }
        installation.sent();
    }

    private Installation open(BrokerUnderTest broker) {
        return Installation.of(Adaptations.text(OFTEN), broker, new FileArtifactStore(folder, 1 << 24))
                .open()
                .createTopics();
    }
}
