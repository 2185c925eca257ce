package io.headwater.predictor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.adapt.HeadArtifact;
import io.headwater.codec.DeadLetterHeaders;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.TaskKind;
import io.headwater.config.UncertaintyConfig;
import io.headwater.config.ask.AsksConfig;
import io.headwater.config.ask.AsksConfig.Strategy;
import io.headwater.domain.Ask;
import io.headwater.domain.Digest;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.PredictionRegion.ClassSet;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.Thresholds;
import io.headwater.domain.VersionRef;
import io.headwater.engine.weights.Tensor;
import io.headwater.kafka.Topic;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every request has exactly one answer or one dead letter, in order, whatever happens meanwhile. */
@Timeout(180)
abstract class PredictorContract {
    @TempDir
    private Path folder;

    @Test
    void shouldAnswerInOrderWithLaneVersionAndDigest(BrokerUnderTest broker) {
        try (Installation installation = Letters.open(broker, folder, null)) {
            VersionRef shop = Letters.serve(installation, "shop", 3);
            VersionRef bank = Letters.serve(installation, "bank", 8);
            Letters.ask(installation, "shop", 0, 100);
            Letters.ask(installation, "bank", 0, 30);

            try (RunningPredictor predictor = new RunningPredictor(installation)) {
                predictor.awaitAnswered(130);
            }

            List<Prediction> answers = of("shop", installation);
            assertThat(ids(answers)).isEqualTo(numbers(0, 100));
            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.version()).isEqualTo(shop);
                assertThat(answer.label()).isEqualTo("v3");
                assertThat(answer.probabilities()).containsOnlyKeys("other", "v3");
                assertThat(answer.probabilities().values().stream()
                                .mapToDouble(Float::doubleValue)
                                .sum())
                        .isCloseTo(1, within(1e-6));
            });
            assertThat(of("bank", installation))
                    .hasSize(30)
                    .allSatisfy(answer -> assertThat(answer.version()).isEqualTo(bank));
        }
    }

    @Test
    void shouldSwapWhileRequestsFlowWithoutDroppingOrReorderingOne(BrokerUnderTest broker) {
        try (Installation installation = Letters.open(broker, folder, null)) {
            Letters.serve(installation, "shop", 1);
            try (RunningPredictor predictor = new RunningPredictor(installation)) {
                Letters.ask(installation, "shop", 0, 100);
                predictor.awaitAnswered(1);

                // When: requests go out without waiting for answers, and a new version every 100
                for (int version = 2; version <= 10; version++) {
                    Letters.ask(installation, "shop", 100 * (version - 1), 50);
                    predictor.awaitSwapped(Letters.serve(installation, "shop", version));
                    Letters.ask(installation, "shop", 100 * (version - 1) + 50, 50);
                }
                predictor.awaitAnswered(1000);
            }

            // Then
            List<Prediction> answers = of("shop", installation);
            assertThat(ids(answers)).isEqualTo(numbers(0, 1000));
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.label())
                            .isEqualTo("v" + answer.version().number()));
            assertThat(answers.stream().map(answer -> answer.version().number()))
                    .isSorted()
                    .contains(1L, 10L);
            assertThat(answers.subList(950, 1000))
                    .allSatisfy(answer -> assertThat(answer.version().number()).isEqualTo(10));
        }
    }

    @Test
    void shouldMakeADeadLetterOfARequestThatNothingServes(BrokerUnderTest broker) {
        try (Installation installation = Letters.open(broker, folder, null)) {
            // Given: a version of another lane of the same partition
            String served = sibling(installation, "shop");
            Letters.serve(installation, served, 1);
            Letters.ask(installation, "shop", 0, 1);
            Letters.ask(installation, served, 0, 1);

            // When
            try (RunningPredictor predictor = new RunningPredictor(installation)) {
                predictor.awaitAnswered(1);
            }

            // Then
            assertThat(of("shop", installation)).isEmpty();
            assertThat(Letters.deadLetters(installation, "shop"))
                    .singleElement()
                    .satisfies(letter -> {
                        DeadLetterHeaders why = headers(letter);
                        assertThat(why.rejection().reason()).isEqualTo(Reason.NO_VERSION);
                        assertThat(why.rejection().message()).contains("'letters'", "'shop'");
                        assertThat(why.topic()).isEqualTo(installation.topics().name(Topic.REQUESTS));
                        assertThat(why.offset()).isZero();
                        assertThat(new String(letter.key(), StandardCharsets.UTF_8))
                                .isEqualTo("shop");
                        assertThat(letter.value()).isNotEmpty();
                    });
        }
    }

    @Test
    void shouldFallBackToTheSourceDomain(BrokerUnderTest broker) {
        try (Installation installation = Letters.open(broker, folder, "reviews")) {
            VersionRef source = Letters.serve(installation, "reviews", 4);
            try (RunningPredictor predictor = new RunningPredictor(installation)) {
                Letters.ask(installation, "shop", 0, 5);
                predictor.awaitAnswered(5);
                VersionRef own = Letters.serve(installation, "shop", 1);
                predictor.awaitSwapped(own);
                Letters.ask(installation, "shop", 5, 5);
                predictor.awaitAnswered(10);

                List<Prediction> answers = of("shop", installation);
                assertThat(ids(answers)).isEqualTo(numbers(0, 10));
                assertThat(answers.subList(0, 5))
                        .allSatisfy(answer -> assertThat(answer.version()).isEqualTo(source));
                assertThat(answers.subList(5, 10))
                        .allSatisfy(answer -> assertThat(answer.version()).isEqualTo(own));
            }
        }
    }

    @Test
    void shouldAnswerWithSetsAtTheNewestThresholdsAndAbstain(BrokerUnderTest broker) {
        AdaptationConfig config = Letters.config().withUncertainty(new UncertaintyConfig(0.8, 0.01));
        try (Installation installation = Letters.openAs(broker, folder, config)) {
            // Given: a version without thresholds, whose answer v1 is wrong with a probability of 0.047
            VersionRef version = Letters.serve(installation, "shop", 1);
            Serving serving = new Serving(version, null, DecidedBy.GATE, "test", false, Instant.EPOCH);
            String other = sibling(installation, "shop");
            try (RunningPredictor predictor = new RunningPredictor(installation)) {
                predictor.awaitSwapped(version);
                Letters.ask(installation, "shop", 0, 1);
                predictor.awaitAnswered(1);

                // When: only its thresholds change
                List<Double> thresholds = List.of(0.5, 0.99, 0.01);
                for (int i = 0; i < thresholds.size(); i++) {
                    installation.serving(serving.withThresholds(new Thresholds(0.8, List.of(thresholds.get(i)))));
                    predictor.awaitSwapped(Letters.serve(installation, other, i + 1));
                    Letters.ask(installation, "shop", i + 1, 1);
                    predictor.awaitAnswered(i + 2);
                }
            }

            // Then
            List<Prediction> answers = of("shop", installation);
            assertThat(answers).extracting(Prediction::version).containsOnly(version);
            assertThat(answers).extracting(Prediction::abstain).containsOnly(true);
            assertThat(answers)
                    .extracting(Prediction::region)
                    .containsExactly(
                            null,
                            new ClassSet(0.8, List.of("v1")),
                            new ClassSet(0.8, List.of("v1", "other")),
                            new ClassSet(0.8, List.of()));
        }
    }

    @Test
    void shouldSendWhatPeopleShouldLabelAndCountItAgainAfterARestart(BrokerUnderTest broker) {
        AdaptationConfig config = Letters.config().withAsks(new AsksConfig(Strategy.MARGIN, 1, 5, 0.2));
        // A second before the end of the last day, so that no more requests are expected than there is budget for.
        Instant now = Instant.now().truncatedTo(ChronoUnit.DAYS).minusSeconds(1);
        try (Installation installation = Letters.openAs(broker, folder, config)) {
            VersionRef version = Letters.serve(installation, "shop", 1);
            Letters.serve(installation, sibling(installation, "shop"), 1);
            try (RunningPredictor predictor = new RunningPredictor(installation, () -> now)) {
                Letters.ask(installation, "shop", 0, 3);
                predictor.awaitAnswered(3);
            }
            try (RunningPredictor predictor = new RunningPredictor(installation, () -> now)) {
                Letters.ask(installation, "shop", 3, 20);
                Letters.ask(installation, sibling(installation, "shop"), 0, 1);
                predictor.awaitAnswered(21);
            }
            try (RunningPredictor predictor = new RunningPredictor(installation, () -> now.plusSeconds(2))) {
                Letters.ask(installation, "shop", 23, 10);
                predictor.awaitAnswered(10);
            }

            List<Prediction> answers = of("shop", installation);
            assertThat(ids(answers)).isEqualTo(numbers(0, 33));
            assertThat(answers.subList(0, 5)).extracting(Prediction::asked).containsOnly(1.0);
            assertThat(answers.subList(5, 23)).extracting(Prediction::asked).containsOnly(0.0);
            List<Prediction> asked =
                    answers.stream().filter(answer -> answer.asked() > 0).toList();
            List<Ask> asks = Letters.asks(installation, "shop");
            assertThat(asks).extracting(Ask::requestId).isEqualTo(ids(asked));
            assertThat(asks)
                    .extracting(Ask::probability)
                    .isEqualTo(asked.stream().map(Prediction::asked).toList());
            assertThat(asks).allSatisfy(ask -> {
                assertThat(ask.payload()).isEqualTo(new Payload.Text("text " + ask.requestId()));
                assertThat(ask.version()).isEqualTo(version);
                assertThat(ask.answer().text()).isEqualTo("v1");
                assertThat(ask.score()).isCloseTo(1 - 0.9051, within(1e-3));
                assertThat(ask.strategy()).isIn("margin", "random");
            });
            assertThat(Letters.asks(installation, sibling(installation, "shop")))
                    .hasSize(1);
        }
    }

    @Test
    void shouldAskNobodyWithoutABudget(BrokerUnderTest broker) {
        try (Installation installation = Letters.open(broker, folder, null)) {
            Letters.serve(installation, "shop", 1);
            Letters.ask(installation, "shop", 0, 50);
            try (RunningPredictor predictor = new RunningPredictor(installation)) {
                predictor.awaitAnswered(50);
            }

            assertThat(of("shop", installation)).extracting(Prediction::asked).containsOnly(0.0);
            assertThat(Letters.asks(installation, "shop")).isEmpty();
        }
    }

    /** A version that everybody was told to serve is not replaced by the one before, which may have been rolled back. */
    @Test
    void shouldLetRequestsWaitForAVersionThatCannotBeLoaded(BrokerUnderTest broker) {
        try (Installation installation = Letters.open(broker, folder, null)) {
            String form = LetterModel.HEADS.form();
            Tensor.F32 weights = new Tensor.F32(new int[] {2, 2}, new float[4]);
            Tensor.F32 noNumbers = new Tensor.F32(new int[] {2, 2}, new float[] {1, 2, Float.NaN, 4});
            Digest missing = Digest.of(new byte[] {2});
            Digest otherBase = Digest.of(new byte[] {1});
            String elsewhere = elsewhere(installation, "shop");
            VersionRef good = Letters.serve(installation, "shop", 1);
            Letters.serve(installation, elsewhere, 1);
            try (RunningPredictor predictor = new RunningPredictor(installation)) {
                predictor.awaitSwapped(good);
                predictor.awaitRunning();

                // When: missing; of another base model; weights of another form; weights that are no numbers
                List<VersionRef> bad = new ArrayList<>();
                bad.add(Letters.serve(installation, "shop", 2, missing));
                predictor.awaitWaiting(missing.toString());
                Letters.ask(installation, "shop", 0, 10);
                for (HeadArtifact head : List.of(
                        Letters.head(otherBase, form, List.of("a", "b"), weights),
                        Letters.head(LetterModel.DIGEST, "another", List.of("a", "b"), weights),
                        Letters.head(LetterModel.DIGEST, form, List.of("a", "b"), noNumbers))) {
                    VersionRef version =
                            Letters.serve(installation, "shop", bad.size() + 2, Letters.keep(installation, head));
                    bad.add(version);
                    predictor.awaitWaiting(version.toString());
                }
                // Then: other partitions go on
                Letters.ask(installation, elsewhere, 0, 10);
                predictor.awaitAnswered(10);
                assertThat(of("shop", installation)).isEmpty();

                // When
                Letters.serve(installation, "shop", 6);

                // Then
                predictor.awaitAnswered(20);
                predictor.awaitRunning();
                assertThat(bad).noneMatch(predictor::took);
            }
            assertThat(ids(of("shop", installation))).isEqualTo(numbers(0, 10));
            assertThat(of("shop", installation))
                    .allSatisfy(answer -> assertThat(answer.label()).isEqualTo("v6"));
            assertThat(Letters.deadLetters(installation, "shop")).isEmpty();
        }
    }

    @Test
    void shouldAnswerWhenTheStoreThatWasAwayAtItsStartIsBack(BrokerUnderTest broker) throws Exception {
        Path mounted = folder.resolve("store");
        Path away = folder.resolve("away");
        try (Installation installation = Letters.open(broker, mounted, null)) {
            VersionRef version = Letters.serve(installation, "shop", 1);
            Letters.ask(installation, "shop", 0, 5);
            Files.move(mounted, away);

            try (RunningPredictor predictor = new RunningPredictor(installation)) {
                predictor.awaitWaiting(version.artifact().toString());
                Letters.ask(installation, "shop", 5, 5);
                Files.move(away, mounted);
                predictor.awaitAnswered(10);
                predictor.awaitRunning();
            }

            assertThat(ids(of("shop", installation))).isEqualTo(numbers(0, 10));
            assertThat(Letters.deadLetters(installation, "shop")).isEmpty();
        }
    }

    @Test
    void shouldLetRequestsWaitForARollbackToAVersionThatIsAway(BrokerUnderTest broker) {
        try (Installation installation = Letters.open(broker, folder, null)) {
            Letters.serve(installation, "shop", 4);
            try (RunningPredictor predictor = new RunningPredictor(installation)) {
                Letters.ask(installation, "shop", 0, 1);
                predictor.awaitAnswered(1);

                // When: a lagging volume
                Digest artifact = Digest.of(Letters.head(1).toBytes());
                VersionRef first = Letters.serve(installation, "shop", 1, artifact);
                predictor.awaitWaiting(artifact.toString());
                Letters.ask(installation, "shop", 1, 5);
                Letters.keep(installation, Letters.head(1));

                // Then
                predictor.awaitAnswered(6);
                assertThat(of("shop", installation).subList(1, 6))
                        .allSatisfy(answer -> assertThat(answer.version()).isEqualTo(first));
            }
        }
    }

    @Test
    void shouldLoadOnlyTheVersionThatServesOfAllThatWereEverPromoted(BrokerUnderTest broker) {
        try (Installation installation = Letters.open(broker, folder, null)) {
            for (int number = 1; number < 50; number++) {
                Letters.serve(installation, "shop", number);
            }
            VersionRef last = Letters.serve(installation, "shop", 50);
            Letters.ask(installation, "shop", 0, 1);

            try (RunningPredictor predictor = new RunningPredictor(installation)) {
                predictor.awaitAnswered(1);
                assertThat(predictor.swapped()).containsExactly(last);
            }
        }
    }

    @Test
    void shouldAnswerEachRequestOnceWhereTwoAdaptationsShareTheTopics(BrokerUnderTest broker) {
        String prefix = broker.fresh("shared");
        AdaptationConfig second = AdaptationConfig.of("second", TaskKind.TEXT_CLASSIFICATION, "letters");
        try (Installation letters = Letters.openAs(broker, prefix, folder, Letters.config());
                Installation others = Letters.openAs(broker, prefix, folder, second)) {
            // Given: the first serves longer
            VersionRef first = Letters.serve(letters, "shop", 1);
            VersionRef younger = new VersionRef(
                    others.lane("shop"), 2, Letters.keep(others, Letters.head(2)), Digest.of(new byte[] {1}));
            others.serving(new Serving(younger, null, DecidedBy.GATE, "test", false, Instant.EPOCH.plusSeconds(1)));
            letters.request("shop", "unnamed", "a text");
            letters.request("shop", "first", "a text", letters.config().name());
            letters.request("shop", "second", "a text", "second");
            letters.request("shop", "nobody", "a text", "third");
            letters.request("shop", "bad", "");
            letters.request("shop", "bad of second", "", "second");
            letters.request("shop", "last first", "a text", letters.config().name());
            letters.request("shop", "last second", "a text", "second");
            letters.flush();

            try (RunningPredictor one = new RunningPredictor(letters);
                    RunningPredictor two = new RunningPredictor(others)) {
                one.awaitAnswered(3);
                two.awaitAnswered(2);
            }

            assertThat(of("shop", letters).stream()
                            .collect(Collectors.toMap(Prediction::requestId, Prediction::version)))
                    .isEqualTo(Map.of(
                            "unnamed", first,
                            "first", first,
                            "last first", first,
                            "second", younger,
                            "last second", younger));
            assertThat(Letters.deadLetters(letters, "shop"))
                    .extracting(letter -> headers(letter).adaptation())
                    .containsExactlyInAnyOrder("letters", "second");
        }
    }

    @Test
    void shouldServeNothingAfterATombstone(BrokerUnderTest broker) {
        try (Installation installation = Letters.open(broker, folder, null)) {
            String sibling = sibling(installation, "shop");
            Letters.serve(installation, "shop", 1);
            try (RunningPredictor predictor = new RunningPredictor(installation)) {
                Letters.ask(installation, "shop", 0, 1);
                predictor.awaitAnswered(1);

                // When
                installation.send(
                        Topic.SERVING, "shop", installation.lane("shop").key(), null);
                predictor.awaitSwapped(Letters.serve(installation, sibling, 1));
                Letters.ask(installation, "shop", 1, 1);
                Letters.ask(installation, sibling, 2, 1);
                predictor.awaitAnswered(2);
            }
            assertThat(ids(of("shop", installation))).containsExactly("0");
            assertThat(Letters.deadLetters(installation, "shop"))
                    .singleElement()
                    .satisfies(letter ->
                            assertThat(headers(letter).rejection().reason()).isEqualTo(Reason.NO_VERSION));
        }
    }

    @Test
    void shouldAnswerEveryRequestOnceAcrossRestarts(BrokerUnderTest broker) {
        try (Installation installation = Letters.open(broker, folder, null)) {
            Letters.serve(installation, "shop", 1);
            Letters.ask(installation, "shop", 0, 500);
            try (RunningPredictor first = new RunningPredictor(installation)) {
                first.awaitAnswered(1);
            }
            Letters.ask(installation, "shop", 500, 100);
            try (RunningPredictor second = new RunningPredictor(installation)) {
                Await.until(
                        "every answer",
                        () -> Letters.predictions(installation, "shop").size() >= 600);
                assertThat(second.failure()).isNull();
            }

            assertThat(ids(of("shop", installation))).isEqualTo(numbers(0, 600));
        }
    }

    @Test
    void shouldAnswerEveryRequestOnceWhenItDiesInATransaction(BrokerUnderTest broker) {
        try (Installation installation = Letters.open(broker, folder, null)) {
            Letters.serve(installation, "shop", 1);
            Letters.ask(installation, "shop", 0, 200);
            installation.request("shop", "refused", "");
            Letters.ask(installation, "shop", 200, 20);
            try (RunningPredictor first = RunningPredictor.thatDiesAtARejection(installation)) {
                first.awaitEnd();
                assertThat(first.failure()).isInstanceOf(AssertionError.class);
            }

            try (RunningPredictor second = new RunningPredictor(installation)) {
                Await.until(
                        "every answer",
                        () -> Letters.predictions(installation, "shop").size() >= 220);
                assertThat(second.failure()).isNull();
            }

            assertThat(ids(of("shop", installation))).isEqualTo(numbers(0, 220));
            assertThat(Letters.deadLetters(installation, "shop"))
                    .singleElement()
                    .satisfies(letter ->
                            assertThat(headers(letter).rejection().reason()).isEqualTo(Reason.BAD_PAYLOAD));
        }
    }

    /** The broker's limit is that of the compressed batch, so what unpacks to more than is allowed gets past it. */
    @Test
    void shouldGoOnAfterARequestThatUnpacksToMoreThanIsAllowed(BrokerUnderTest broker) {
        try (Installation installation = Letters.open(broker, folder, null)) {
            Letters.serve(installation, "shop", 1);
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of(
                            "bootstrap.servers",
                            broker.bootstrapServers(),
                            "compression.type",
                            "gzip",
                            "max.request.size",
                            20_000_000),
                    new ByteArraySerializer(),
                    new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>(
                        installation.topics().name(Topic.REQUESTS),
                        installation.topics().partitionOf("shop"),
                        "shop".getBytes(StandardCharsets.UTF_8),
                        new byte[10_000_000]));
                producer.flush();
            }
            Letters.ask(installation, "shop", 0, 3);

            try (RunningPredictor predictor = new RunningPredictor(installation)) {
                predictor.awaitAnswered(3);
            }

            assertThat(ids(of("shop", installation))).isEqualTo(numbers(0, 3));
            assertThat(Letters.deadLetters(installation, "shop"))
                    .singleElement()
                    .satisfies(letter -> {
                        assertThat(headers(letter).rejection().reason()).isEqualTo(Reason.TOO_LARGE);
                        assertThat(headers(letter).offset()).isZero();
                        assertThat(letter.value()).isNull();
                    });
        }
    }

    private static List<Prediction> of(String domain, Installation installation) {
        return Letters.predictions(installation, domain).stream()
                .filter(prediction -> prediction.domain().equals(domain))
                .toList();
    }

    private static List<String> ids(List<Prediction> predictions) {
        return predictions.stream().map(Prediction::requestId).toList();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    /** Another domain on the same partition: what is said of one is known to be read before what is said of the other. */
    private static String sibling(Installation installation, String domain) {
        return IntStream.range(0, 100)
                .mapToObj(i -> "other" + i)
                .filter(other -> installation.topics().partitionOf(other)
                        == installation.topics().partitionOf(domain))
                .findFirst()
                .orElseThrow();
    }

    /** Another domain on another partition. */
    private static String elsewhere(Installation installation, String domain) {
        return IntStream.range(0, 100)
                .mapToObj(i -> "other" + i)
                .filter(other -> installation.topics().partitionOf(other)
                        != installation.topics().partitionOf(domain))
                .findFirst()
                .orElseThrow();
    }

    private static DeadLetterHeaders headers(ConsumerRecord<byte[], byte[]> letter) {
        Map<String, byte[]> headers = new HashMap<>();
        letter.headers().forEach(header -> headers.put(header.key(), header.value()));
        return DeadLetterHeaders.decode(headers);
    }
}
