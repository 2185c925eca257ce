package io.headwater.predictor;

import io.headwater.intake.Pipeline;
import io.headwater.intake.RecordIntake;
import io.headwater.kafka.Clients;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.ServingTable;
import io.headwater.kafka.SingleRecords;
import io.headwater.role.RoleControl;
import io.headwater.role.ThreadRole;
import io.headwater.serving.CatchingUp;
import io.headwater.serving.ServedHeads;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Answers requests in micro-batches: the records of a few polls are answered together and committed with their offsets in one
 * transaction, so that every request has exactly one answer or one dead letter, in the order of its partition. While a version
 * that serves cannot be loaded, its requests wait on the topic.
 */
public final class Predictor extends ThreadRole {
    private final PredictorSetup setup;

    /** A predictor that does nothing until it is started. When it is stopped, it ends after the current batch. */
    public Predictor(PredictorSetup setup) {
        super("predictor", setup.group(), setup.instance());
        this.setup = setup;
    }

    @Override
    protected void work(RoleControl control) throws InterruptedException {
        Clients clients = setup.clients();
        LaneEvents events = new LaneEvents(setup.codec(), setup.listener()::foreign);
        ServedHeads heads = new ServedHeads(setup.serving());
        Answerer answerer = new Answerer(
                clients.topics(), setup.serving(), heads, setup.intake().ahead());
        try (ServingTable table = new ServingTable(clients, events, heads);
                Pipeline<Reply> pipeline = new Pipeline<>(
                        answerer,
                        PredictorLoop.MAX_BATCH,
                        1,
                        setup.intake().patience(),
                        setup.intake().turns());
                KafkaConsumer<byte[], byte[]> consumer = clients.groupConsumer(setup.group());
                RecordIntake<Reply> intake = new RecordIntake<>(
                        setup.intake(), answerer, consumer, pipeline, () -> new SingleRecords(clients))) {
            if (CatchingUp.await(control, table)) {
                new PredictorLoop(
                                setup,
                                control,
                                consumer,
                                pipeline,
                                intake,
                                table,
                                heads,
                                answerer,
                                new Asks(setup, events))
                        .answerAll();
            }
        } finally {
            heads.close();
        }
    }
}
