package io.headwater.featurizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.EventType;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.engine.Backbone;
import io.headwater.engine.TestModels;
import io.headwater.intake.ahead.AheadListener;
import io.headwater.intake.ahead.AheadSettings;
import io.headwater.kafka.Topic;
import io.headwater.predictor.Predictor;
import io.headwater.predictor.PredictorListener;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.HashBackbone;
import io.headwater.testing.Installation;
import io.headwater.trainer.Adaptations;
import io.headwater.trainer.History;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Features from a featurizer give what a trainer and a predictor give that compute them. */
@Timeout(180)
abstract class FeaturizerContract {
    /** Longer than any test may take. */
    private static final AheadSettings PATIENT = new AheadSettings(true, Duration.ofHours(1), 1 << 20);

    private static final int SAMPLES = 120;

    @TempDir
    private Path folder;

    @Test
    void shouldGiveTheVersionsOfATrainerThatComputesTheFeatures(BrokerUnderTest broker) throws Exception {
        String prefix = broker.fresh("apart");
        try (Installation fused = open(broker, broker.fresh("fused"), new HashBackbone(), AheadSettings.OFF);
                Installation computing = open(broker, prefix, CountedBackbone.counting(), AheadSettings.OFF);
                Installation apart = open(broker, prefix, CountedBackbone.forbidden(), PATIENT)) {
            produce(fused);
            produce(apart);
            fused.train();

            try (RunningFeaturizer one = new RunningFeaturizer(computing, "one")) {
                apart.train();
                one.awaitRecords(apart.sent().size());
            }

            History history = new History(apart);
            history.requireExactlyOnce();
            assertThat(history.digests()).isNotEmpty().isEqualTo(new History(fused).digests());
            Features.requireOneForEach(apart);
        }
    }

    @Test
    void shouldAnswerAsAPredictorThatComputesTheFeatures(BrokerUnderTest broker) throws Exception {
        String prefix = broker.fresh("answers");
        try (Installation fused = open(broker, broker.fresh("fused"), new HashBackbone(), AheadSettings.OFF);
                Installation computing = open(broker, prefix, CountedBackbone.counting(), AheadSettings.OFF);
                Installation apart = open(broker, prefix, CountedBackbone.forbidden(), PATIENT)) {
            produce(fused);
            produce(apart);
            fused.train();
            computing.train();

            List<Prediction> expected = answers(fused);
            try (RunningFeaturizer one = new RunningFeaturizer(computing, "one")) {
                assertThat(answers(apart))
                        .usingRecursiveFieldByFieldElementComparatorOnFields(
                                "requestId", "domain", "answer", "probabilities")
                        .containsExactlyElementsOf(expected);
                one.awaitRecords(1);
            }
        }
    }

    @Test
    void shouldComputeFeaturesItselfIfNoFeaturizerRuns(BrokerUnderTest broker) {
        Counts counts = new Counts();
        AheadSettings hasty = new AheadSettings(true, Duration.ofMillis(50), 1 << 20);
        try (Installation fused = open(broker, broker.fresh("fused"), new HashBackbone(), AheadSettings.OFF);
                Installation alone = builder(broker.fresh("alone"), broker)
                        .ahead(hasty, counts)
                        .with(TestModels.miniLm(), new HashBackbone())
                        .createTopics()) {
            produce(fused);
            produce(alone);

            fused.train();
            alone.train();

            new History(alone).requireExactlyOnce();
            assertThat(new History(alone).digests()).isEqualTo(new History(fused).digests());
            assertThat(counts.missing).containsOnlyKeys(AheadListener.Missing.LATE);
            assertThat(counts.received).isZero();
        }
    }

    /** Its bits would differ. */
    @Test
    void shouldNeitherUseNorAwaitFeaturesThatWereComputedInAnotherWay(BrokerUnderTest broker) throws Exception {
        Counts counts = new Counts();
        String prefix = broker.fresh("other");
        try (Installation computing = open(broker, prefix, new OtherBackbone(), AheadSettings.OFF);
                Installation apart = builder(prefix, broker)
                        .ahead(PATIENT, counts)
                        .with(TestModels.miniLm(), new HashBackbone())
                        .createTopics()) {
            produce(apart);

            try (RunningFeaturizer one = new RunningFeaturizer(computing, "one")) {
                apart.train();
                one.awaitRecords(apart.sent().size());
            }

            new History(apart).requireReplayable();
            assertThat(counts.missing).containsOnlyKeys(AheadListener.Missing.OTHER);
            assertThat(counts.received).isZero();
        }
    }

    @Test
    void shouldNotComputeTheFeaturesOfARequestAgainWhenItsLabelComes(BrokerUnderTest broker) throws Exception {
        CountedBackbone backbone = CountedBackbone.counting();
        String prefix = broker.fresh("joined");
        try (Installation computing = open(broker, prefix, backbone, AheadSettings.OFF);
                Installation apart = open(broker, prefix, CountedBackbone.forbidden(), PATIENT)) {
            String domain = apart.domain(0, 0);
            for (int i = 0; i < 20; i++) {
                apart.request(domain, "r" + i, Adaptations.sentence(i));
            }
            apart.flush();

            try (RunningFeaturizer one = new RunningFeaturizer(computing, "one")) {
                one.awaitRecords(20);
                assertThat(backbone.inputs()).isEqualTo(20);
                for (int i = 0; i < 20; i++) {
                    Adaptations.label(apart, domain, "r" + i, Adaptations.sentence(i), Adaptations.label(i), "");
                }
                apart.train();
                one.awaitRecords(40);
            }

            new History(apart).requireExactlyOnce();
            assertThat(backbone.inputs()).isEqualTo(20);
        }
    }

    @Test
    void shouldDivideThePartitionsAmongFeaturizers(BrokerUnderTest broker) throws Exception {
        String prefix = broker.fresh("two");
        try (Installation computing = open(broker, prefix, CountedBackbone.counting(), AheadSettings.OFF);
                RunningFeaturizer one = new RunningFeaturizer(computing, "one");
                RunningFeaturizer two = new RunningFeaturizer(computing, "two")) {
            int sent = 0;
            // Until the group has given each of them a partition.
            for (int turn = 0; turn < 2; turn++) {
                RunningFeaturizer last = turn == 0 ? one : two;
                while (last.records() == 0) {
                    Adaptations.send(computing, computing.domain(0, 0), sent++);
                    Adaptations.send(computing, computing.domain(1, 0), sent++);
                    computing.flush();
                    int all = sent;
                    Await.until("the features of all", () -> one.records() + two.records() >= all);
                }
            }

            Features.requireOneForEach(computing);
        }
    }

    private static List<Prediction> answers(Installation installation) throws InterruptedException {
        String domain = installation.domain(0, 0);
        for (int i = 0; i < 40; i++) {
            installation.request(domain, "r" + i, Adaptations.sentence(i));
        }
        installation.flush();
        AtomicInteger answered = new AtomicInteger();
        Predictor predictor = installation.predictor(new PredictorListener() {
            @Override
            public void answered(int predictions) {
                answered.addAndGet(predictions);
            }
        });
        predictor.start();
        try {
            Await.until(
                    "40 answers",
                    () -> answered.get() >= 40 || predictor.state().isFinal());
            assertThat(predictor.failure()).isNull();
        } finally {
            predictor.stop();
            predictor.awaitEnd();
        }
        return installation.records(Topic.PREDICTIONS, domain).stream()
                .map(record -> installation.codec().decodeOrThrow(EventType.PREDICTION, record.value()))
                .toList();
    }

    private static void produce(Installation installation) {
        Adaptations.sendThreeLanes(installation, SAMPLES);
        String domain = installation.domain(0, 0);
        installation.send(domain, installation.value(new Payload.Text(""), "good"), false);
        installation.flush();
    }

    private Installation open(BrokerUnderTest broker, String prefix, Backbone backbone, AheadSettings ahead) {
        return builder(prefix, broker)
                .ahead(ahead, AheadListener.NONE)
                .with(TestModels.miniLm(), backbone)
                .createTopics();
    }

    private Installation.Builder builder(String prefix, BrokerUnderTest broker) {
        return Installation.of(
                Adaptations.text(Adaptations.BY_STEPS),
                broker.bootstrapServers(),
                prefix,
                new FileArtifactStore(folder.resolve(prefix), 1 << 24));
    }

    /** What became of features. */
    private static final class Counts implements AheadListener {
        private final Map<Missing, Integer> missing = new ConcurrentHashMap<>();
        private volatile int received;

        @Override
        public void missing(int payloads, Missing why) {
            missing.merge(why, payloads, Integer::sum);
        }

        @Override
        public void received(int payloads) {
            if (payloads > 0) {
                received = payloads;
            }
        }
    }
}
