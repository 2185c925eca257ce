package io.headwater.featurizer;

import io.headwater.intake.Pipeline;
import io.headwater.intake.RecordIntake;
import io.headwater.kafka.Clients;
import io.headwater.kafka.SingleRecords;
import io.headwater.role.RoleControl;
import io.headwater.role.ThreadRole;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Reads samples and requests, runs the base model below its cut on them, and writes their features, one record for each sample
 * and request, in one transaction with the offsets. Trainers and predictors that are configured to use these features compute
 * only those that do not come in time, and give the same results.
 */
public final class FeaturizerRole extends ThreadRole {
    /** Records that are prepared together. */
    static final int CHUNK = 32;

    private final FeaturizerSetup setup;

    /** Creates a featurizer that is not yet started. When it is stopped, it ends after what it is computing. */
    public FeaturizerRole(FeaturizerSetup setup) {
        super("featurizer", setup.group(), setup.instance());
        this.setup = setup;
    }

    @Override
    protected void work(RoleControl control) throws InterruptedException {
        Clients clients = setup.clients();
        FeaturePreparation preparation = new FeaturePreparation(setup);
        try (Pipeline<Featurized> pipeline = new Pipeline<>(
                        preparation,
                        CHUNK,
                        setup.workers(),
                        setup.intake().patience(),
                        setup.intake().turns());
                KafkaConsumer<byte[], byte[]> consumer = clients.groupConsumer(setup.group());
                RecordIntake<Featurized> intake = new RecordIntake<>(
                        setup.intake(), preparation, consumer, pipeline, () -> new SingleRecords(clients))) {
            new FeaturizerLoop(setup, control, consumer, pipeline, intake).featurize();
        }
    }
}
