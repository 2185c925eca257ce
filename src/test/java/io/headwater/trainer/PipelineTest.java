package io.headwater.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.ModelInput;
import io.headwater.kafka.Topic;
import io.headwater.task.Preparation;
import io.headwater.task.Task;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@OnEmbeddedBroker
@Timeout(60)
class PipelineTest {

    @Test
    void shouldNotCloseWhileAWorkerStillUsesTheModel(BrokerUnderTest broker) throws Exception {
        try (TrainerRig rig = new TrainerRig(broker)) {
            // Given
            Slow slow = new Slow(rig.task().preparation());
            Pipeline pipeline =
                    new Pipeline(rig.reader(new Task(slow, rig.task().goal())), 1);
            pipeline.submit(0, List.of(record(rig)));
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

    private static ConsumerRecord<byte[], byte[]> record(TrainerRig rig) {
        String topic = rig.clients.topics().name(Topic.SAMPLES);
        return new ConsumerRecord<>(topic, 0, 0, TrainerRig.DOMAIN.getBytes(UTF_8), rig.sample(0));
    }

    /** Takes as long to prepare a sample as the test wants, and cannot be interrupted, as native code cannot. */
    private static final class Slow implements Preparation {
        final CountDownLatch entered = new CountDownLatch(1);
        final Semaphore mayLeave = new Semaphore(0);
        final AtomicBoolean left = new AtomicBoolean();
        private final Preparation preparation;

        Slow(Preparation preparation) {
            this.preparation = preparation;
        }

        @Override
        public Outcome<ModelInput> prepare(Payload payload) {
            entered.countDown();
            mayLeave.acquireUninterruptibly();
            left.set(true);
            return preparation.prepare(payload);
        }
    }
}
