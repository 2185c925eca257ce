package io.headwater.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelFile;
import io.headwater.config.TaskKind;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.ModelInput;
import io.headwater.intake.TrialResult.Guilty;
import io.headwater.kafka.Topic;
import io.headwater.store.FileArtifactStore;
import io.headwater.task.PayloadView;
import io.headwater.task.Preparation;
import io.headwater.task.Task;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import io.headwater.trainer.Prepared;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@OnEmbeddedBroker
@Timeout(60)
class PipelineTest {
    @TempDir
    private Path folder;

    @Test
    void shouldNotCloseWhileAWorkerStillUsesTheModel(BrokerUnderTest broker) throws Exception {
        AdaptationConfig config = AdaptationConfig.of("rig", TaskKind.TEXT_CLASSIFICATION, "minilm");
        try (Installation installation = Installation.of(config, broker, new FileArtifactStore(folder, 1 << 26))
                .divided(BaseModelFile.builtIn("minilm"))) {
            // Given
            Slow slow = new Slow(installation.task().preparation());
            Pipeline<Prepared> pipeline = new Pipeline<>(
                    installation.reader(new Task(slow, installation.task().goal())), 32, 1, Intake.USUAL_PATIENCE);
            pipeline.submit(List.of(record(installation)));
            slow.entered.await();

            // When
            Thread closing = new Thread(pipeline::close);
            closing.start();
            while (closing.isAlive() && closing.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }

            // Then
            assertThat(closing.isAlive()).isTrue();
            slow.mayLeave.release();
            closing.join();
            assertThat(slow.left).isTrue();
        }
    }

    @Test
    void shouldLetAllPipelinesTogetherUseOnlyAsManyThreadsAsTheyShare() throws Exception {
        // Given
        Semaphore turns = new Semaphore(1, true);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayLeave = new CountDownLatch(1);
        try (Pipeline<Prepared> first = pipeline(
                        () -> {
                            entered.countDown();
                            mayLeave.await();
                            return List.of();
                        },
                        turns);
                Pipeline<Prepared> second = pipeline(List::of, turns)) {

            // When
            first.submit(List.of(any()));
            entered.await();
            second.submit(List.of(any()));
            while (!turns.hasQueuedThreads()) {
                Thread.onSpinWait();
            }

            // Then
            assertThat(second.next(Duration.ZERO)).isNull();
            mayLeave.countDown();
            assertThat(second.next(Duration.ofSeconds(30))).isEmpty();
            assertThat(first.next(Duration.ofSeconds(30))).isEmpty();
        }
    }

    @Test
    void shouldGiveTheTurnOfABlockedThreadToOthersWhenItIsAbandoned() throws Exception {
        Semaphore turns = new Semaphore(1, true);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (Pipeline<Prepared> blocked = pipeline(
                        () -> {
                            entered.countDown();
                            boolean isFree = false;
                            while (!isFree) { // like native code, it cannot be interrupted
                                try {
                                    never.await();
                                    isFree = true;
                                } catch (InterruptedException e) {
                                    // goes on waiting
                                }
                            }
                            return List.of();
                        },
                        turns);
                Pipeline<Prepared> other = pipeline(List::of, turns)) {
            blocked.submit(List.of(any()));
            entered.await();

            assertThat(blocked.abandon()).containsValue(7L);

            other.submit(List.of(any()));
            assertThat(other.next(Duration.ofSeconds(30))).isEmpty();
            never.countDown();
        }
    }

    private static Pipeline<Prepared> pipeline(Callable<List<Prepared>> work, Semaphore turns) {
        RecordPreparation<Prepared> preparation = new RecordPreparation<>() {
            @Override
            public List<Prepared> prepare(List<ConsumerRecord<byte[], byte[]>> records) {
                try {
                    return work.call();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public Prepared reject(ConsumerRecord<byte[], byte[]> record, Guilty guilty) {
                throw new AssertionError(guilty);
            }
        };
        return new Pipeline<>(preparation, 32, 1, Intake.USUAL_PATIENCE, turns);
    }

    private static ConsumerRecord<byte[], byte[]> any() {
        return new ConsumerRecord<>("samples", 0, 7, new byte[] {1}, new byte[] {1});
    }

    private static ConsumerRecord<byte[], byte[]> record(Installation installation) {
        String topic = installation.topics().name(Topic.SAMPLES);
        byte[] value = installation.value(new Payload.Text("sentence number 0"), "even");
        return new ConsumerRecord<>(topic, 0, 0, "shop".getBytes(UTF_8), value);
    }

    /** A preparation that takes as long as the test wants and, like native code, cannot be interrupted. */
    private static final class Slow implements Preparation {
        final CountDownLatch entered = new CountDownLatch(1);
        final Semaphore mayLeave = new Semaphore(0);
        final AtomicBoolean left = new AtomicBoolean();
        private final Preparation preparation;

        Slow(Preparation preparation) {
            this.preparation = preparation;
        }

        @Override
        public Outcome<PayloadView> view(Payload payload) {
            return preparation.view(payload);
        }

        @Override
        public Outcome<ModelInput> input(PayloadView view) {
            entered.countDown();
            mayLeave.acquireUninterruptibly();
            left.set(true);
            return preparation.input(view);
        }
    }
}
