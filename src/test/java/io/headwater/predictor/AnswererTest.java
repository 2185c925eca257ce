package io.headwater.predictor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.ask.Committee;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.TaskKind;
import io.headwater.config.ask.AsksConfig;
import io.headwater.config.ask.AsksConfig.Strategy;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Prediction.Adapted;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Request;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.VersionRef;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.weights.Tensor;
import io.headwater.intake.AheadFeatures;
import io.headwater.intake.Intake;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.predictor.Reply.Predicted;
import io.headwater.predictor.Reply.Refused;
import io.headwater.serving.Answering.Candidate;
import io.headwater.serving.ServedHeads;
import io.headwater.store.FileArtifactStore;
import io.headwater.task.Featurizer;
import io.headwater.task.Task;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** A batch of requests is answered as its requests are one by one, whatever versions answer it and whatever is bad in it. */
class AnswererTest {
    private static final String ADAPTATION = "letters";
    private static final Instant LATER = Instant.EPOCH.plusSeconds(60);
    private static final Topics TOPICS = new Topics("answerer.", 2, (short) 1, 1, 100_000);
    private static final Codec CODEC = new Codec(100_000);
    private static final ArtifactStore STORE = store();
    private static final AdaptationConfig CONFIG =
            AdaptationConfig.of(ADAPTATION, TaskKind.TEXT_CLASSIFICATION, "letters");
    private static final LetterModel MODEL = new LetterModel();
    private static final PredictorSetup SETUP = setup(CODEC);
    private static final ServedHeads HEADS = served("shop", "bank", "clinic");
    private static final Answerer ANSWERER = new Answerer(TOPICS, SETUP.serving(), HEADS, AheadFeatures.NONE);

    private static PredictorSetup setup(Codec codec) {
        return setup(CONFIG, codec);
    }

    private static PredictorSetup setup(AdaptationConfig config, Codec codec) {
        return new PredictorSetup(
                config,
                LetterModel.DIGEST,
                LetterModel.HEADS,
                STORE,
                new Clients(KafkaSettings.of("localhost:1"), TOPICS),
                codec,
                new Featurizer(new Task(MODEL, LetterModel.GOAL), MODEL, new FeatureCache(0)),
                LetterModel.GOAL,
                "group",
                "one",
                Intake.trusting(),
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                OpenTelemetry.noop(),
                PredictorListener.NONE);
    }

    @AfterContainer
    static void close() {
        HEADS.close();
    }

    @Test
    void shouldAnswerEachRequestByItsOwnVersionAndRejectTheBadOnes() {
        List<Outcome<Prediction>> answers = answer(List.of(
                request("shop", "aa"),
                request("bank", "aa"),
                request("shop", ""),
                request("unserved", "aa"),
                record("bank", new byte[] {1, 2, 3}),
                request("shop", "zz")));

        assertThat(answers).hasSize(6);
        assertThat(prediction(answers.get(0)).version().lane().domain()).isEqualTo("shop");
        assertThat(prediction(answers.get(1)).version().lane().domain()).isEqualTo("bank");
        assertThat(rejection(answers.get(2)).reason()).isEqualTo(Reason.BAD_PAYLOAD);
        assertThat(rejection(answers.get(3)).reason()).isEqualTo(Reason.NO_VERSION);
        assertThat(answers.get(4)).isInstanceOf(Outcome.Rejected.class);
        assertThat(prediction(answers.get(5)).requestId()).isEqualTo("id of zz");
        assertThat(prediction(answers.get(5)).version())
                .isEqualTo(prediction(answers.get(0)).version());
    }

    @Test
    void shouldSayHowMuchContendersDisagreeWhereTheVersionHasThemAndSomebodyAsks() {
        HeadArtifact alone = Letters.head(1);
        LinearWeights other = new LinearWeights(LetterModel.WIDTH, 2, new float[4], new float[] {3, 0});
        HeadArtifact withOther = new HeadArtifact(
                alone.baseModel(),
                alone.form(),
                alone.labels(),
                alone.parameters(),
                false,
                null,
                new Committee(List.of(other)));
        PredictorSetup disagreement = setup(CONFIG.withAsks(new AsksConfig(Strategy.DISAGREEMENT, 0.5, 0, 0.2)), CODEC);
        try (ServedHeads heads = served("shop")) {
            announce(heads, "bank", new Lane(ADAPTATION, "bank"), alone);
            announce(heads, "clinic", new Lane(ADAPTATION, "clinic"), HeadArtifact.fromBytes(withOther.toBytes()));
            heads.settled();
            heads.swap();
            List<ConsumerRecord<byte[], byte[]>> requests = List.of(request("bank", "aa"), request("clinic", "aa"));
            List<Candidate> candidates = candidates(
                    new Answerer(TOPICS, disagreement.serving(), heads, AheadFeatures.NONE).prepare(requests));

            assertThat(candidates.get(0).answered().disagreement()).isNaN();
            // Two predictions that are almost sure of different classes.
            assertThat(candidates.get(1).answered().disagreement()).isBetween(0.6, 1.0);
            assertThat(new Answerer(TOPICS, SETUP.serving(), heads, AheadFeatures.NONE).prepare(requests))
                    .allSatisfy(
                            reply -> assertThat(((Predicted) reply).candidate()).isNull());
        }
    }

    private static List<Candidate> candidates(List<Reply> replies) {
        return replies.stream()
                .map(reply -> Objects.requireNonNull(((Predicted) reply).candidate()))
                .toList();
    }

    @Test
    void shouldSayHowFarTheVersionIsAdaptedToTheDomain() {
        HeadArtifact learned = Letters.head(1);
        HeadArtifact aligned = new HeadArtifact(
                learned.baseModel(), learned.form(), learned.labels(), learned.parameters(), true, null, null);
        try (ServedHeads heads = served("shop")) {
            announce(heads, "shop", new Lane(ADAPTATION, "bank"), learned);
            announce(heads, "bank", new Lane(ADAPTATION, "bank"), learned);
            announce(heads, "clinic", new Lane(ADAPTATION, "clinic"), HeadArtifact.fromBytes(aligned.toBytes()));
            heads.settled();
            heads.swap();
            Answerer answerer = new Answerer(TOPICS, SETUP.serving(), heads, AheadFeatures.NONE);

            assertThat(outcomes(
                            answerer, List.of(request("shop", "aa"), request("bank", "aa"), request("clinic", "aa"))))
                    .extracting(one -> prediction(one.orElseThrow()).adapted())
                    .containsExactly(Adapted.NONE, Adapted.LEARNED, Adapted.ALIGNED);
        }
        assertThat(HeadArtifact.fromBytes(learned.toBytes()).aligned()).isFalse();
    }

    /** Lets a version of the lane {@code of} serve a domain. */
    private static void announce(ServedHeads heads, String domain, Lane of, HeadArtifact head) {
        Digest artifact = STORE.put(head.toBytes());
        VersionRef version = new VersionRef(of, 7, artifact, artifact);
        heads.announced(
                new Lane(ADAPTATION, domain), new Serving(version, null, DecidedBy.GATE, "test", false, Instant.EPOCH));
    }

    @Test
    void shouldRejectARequestWhosePredictionWouldOutgrowItsTopic() {
        Answerer small = new Answerer(TOPICS, setup(new Codec(200)).serving(), HEADS, AheadFeatures.NONE);

        Rejection rejection =
                rejection(outcomes(small, List.of(request("shop", "aa"))).get(0).orElseThrow());

        assertThat(rejection.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(rejection.message())
                .contains("a Prediction must have at most 100 bytes", "headwater.topics.max-record-bytes");
    }

    @Test
    void shouldLeaveRequestsThatNameAnotherAdaptationToIt() {
        assertThat(outcomes(ANSWERER, List.of(named("another"), named(ADAPTATION), named(""))))
                .extracting(Optional::isPresent)
                .containsExactly(false, true, true);
    }

    /** What names no adaptation, as records of former releases, is answered once: by the adaptation that has served longest. */
    @Test
    void shouldLeaveRequestsThatNameNoneToTheAdaptationThatHasServedLongest() {
        try (ServedHeads heads = served("shop")) {
            Lane other = new Lane("another", "bank");
            Digest artifact = Digest.of(new byte[1]);
            Serving elder = new Serving(
                            new VersionRef(other, 9, artifact, artifact), null, DecidedBy.GATE, "test", false, LATER)
                    .withServedSince(Instant.EPOCH.minusSeconds(1));
            Answerer answerer = new Answerer(TOPICS, SETUP.serving(), heads, AheadFeatures.NONE);
            List<ConsumerRecord<byte[], byte[]>> records =
                    List.of(named(""), record("shop", new byte[] {1, 2, 3}), named(ADAPTATION));
            assertThat(outcomes(answerer, records))
                    .extracting(Optional::isPresent)
                    .containsExactly(true, true, true);

            heads.announced(other, elder);
            heads.settled();
            assertThat(outcomes(answerer, records))
                    .extracting(Optional::isPresent)
                    .containsExactly(false, false, true);

            heads.announced(other, elder.withServedSince(LATER));
            heads.settled();
            assertThat(outcomes(answerer, records))
                    .extracting(Optional::isPresent)
                    .containsExactly(true, true, true);
        }
    }

    @Property(tries = 60)
    void shouldAnswerABatchAsItsRequestsOneByOne(
            @ForAll("records") @Size(max = 64) List<ConsumerRecord<byte[], byte[]>> records) {
        List<Outcome<Prediction>> alone = new ArrayList<>();
        records.forEach(record -> alone.addAll(answer(List.of(record))));

        List<Outcome<Prediction>> together = answer(records);

        assertThat(together).hasSameSizeAs(records);
        for (int i = 0; i < records.size(); i++) {
            if (alone.get(i) instanceof Outcome.Ok<Prediction> one) {
                assertSame(prediction(together.get(i)), one.value());
            } else {
                assertThat(rejection(together.get(i))).isEqualTo(rejection(alone.get(i)));
            }
        }
    }

    /** The order in which a matrix product adds up may depend on its rows, so probabilities may differ by a rounding. */
    private static void assertSame(Prediction actual, Prediction expected) {
        assertThat(actual)
                .usingRecursiveComparison()
                .ignoringFields("probabilities")
                .isEqualTo(expected);
        assertThat(actual.probabilities()).hasSameSizeAs(expected.probabilities());
        expected.probabilities()
                .forEach((name, probability) ->
                        assertThat(actual.probabilities().get(name)).isCloseTo(probability, within(1e-6f)));
    }

    @Provide
    Arbitrary<List<ConsumerRecord<byte[], byte[]>>> records() {
        Arbitrary<String> domains = Arbitraries.of("shop", "bank", "clinic", "unserved");
        Arbitrary<ConsumerRecord<byte[], byte[]>> requests = Combinators.combine(
                        domains, Arbitraries.strings().withCharRange('a', 'z').ofMaxLength(9))
                .as(AnswererTest::request);
        Arbitrary<ConsumerRecord<byte[], byte[]>> undecodable = Combinators.combine(
                        domains, Arbitraries.bytes().array(byte[].class).ofMaxSize(9))
                .as(AnswererTest::record);
        return Arbitraries.frequencyOf(Tuple.of(6, requests), Tuple.of(1, undecodable))
                .list();
    }

    private static List<Outcome<Prediction>> answer(List<ConsumerRecord<byte[], byte[]>> records) {
        return outcomes(ANSWERER, records).stream().map(Optional::orElseThrow).toList();
    }

    /** What becomes of each request; empty for one that another adaptation answers. */
    private static List<Optional<Outcome<Prediction>>> outcomes(
            Answerer answerer, List<ConsumerRecord<byte[], byte[]>> records) {
        return answerer.prepare(records).stream()
                .map(reply -> reply instanceof Predicted predicted
                        ? Optional.of(Outcome.ok(predicted.prediction()))
                        : reply instanceof Refused refused
                                ? Optional.<Outcome<Prediction>>of(new Outcome.Rejected<>(refused.rejection()))
                                : Optional.<Outcome<Prediction>>empty())
                .toList();
    }

    /** Heads whose answers depend on the text, each in its own way. */
    private static ServedHeads served(String... domains) {
        ServedHeads heads = new ServedHeads(SETUP.serving());
        for (int i = 0; i < domains.length; i++) {
            float[] weights = {0.3f * i, -0.2f, 0.01f, 0.02f * (i - 1)};
            HeadArtifact head = new HeadArtifact(
                    LetterModel.DIGEST,
                    LetterModel.HEADS.form(),
                    List.of("short", "long" + i),
                    Map.of(
                            "output/W", new Tensor.F32(new int[] {LetterModel.WIDTH, 2}, weights),
                            "output/b", new Tensor.F32(new int[] {2}, new float[] {0.5f * i, 0.4f})));
            Digest artifact = STORE.put(head.toBytes());
            Lane lane = new Lane(ADAPTATION, domains[i]);
            VersionRef version = new VersionRef(lane, i + 1, artifact, artifact);
            heads.announced(lane, new Serving(version, null, DecidedBy.GATE, "test", false, Instant.EPOCH));
        }
        heads.settled();
        heads.swap();
        return heads;
    }

    private static ConsumerRecord<byte[], byte[]> request(String domain, String text) {
        return record(
                domain,
                CODEC.encode(EventType.REQUEST, new Request("id of " + text, new Payload.Text(text), Instant.EPOCH)));
    }

    private static ConsumerRecord<byte[], byte[]> named(String adaptation) {
        Request request = new Request("an id", new Payload.Text("aa"), Instant.EPOCH, adaptation);
        return record("shop", CODEC.encode(EventType.REQUEST, request));
    }

    private static ConsumerRecord<byte[], byte[]> record(String domain, byte[] value) {
        return new ConsumerRecord<>(
                TOPICS.name(Topic.REQUESTS),
                TOPICS.partitionOf(domain),
                0,
                domain.getBytes(StandardCharsets.UTF_8),
                value);
    }

    private static Prediction prediction(Outcome<Prediction> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Ok.class);
        return ((Outcome.Ok<Prediction>) outcome).value();
    }

    private static Rejection rejection(Outcome<Prediction> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
        return ((Outcome.Rejected<Prediction>) outcome).rejection();
    }

    private static ArtifactStore store() {
        try {
            return new FileArtifactStore(Files.createTempDirectory("answerer"), 1 << 20);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
