package io.headwater.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.headwater.domain.Label;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Topic;
import io.headwater.online.CallResult.Answered;
import io.headwater.online.CallResult.Cause;
import io.headwater.online.CallResult.TurnedAway;
import io.headwater.predictor.Letters;
import io.headwater.predictor.Predictor;
import io.headwater.predictor.PredictorListener;
import io.headwater.role.RoleState;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The role between its callers and the topics. */
@OnEmbeddedBroker
@Timeout(120)
class OnlinePredictorEmbeddedTest {
    @TempDir
    private Path folder;

    @Test
    void shouldAnswerWithTheVersionThatServesOrThatIsNamed(BrokerUnderTest broker) throws Exception {
        try (Installation installation = Letters.open(broker, folder, null)) {
            OnlinePredictor role =
                    installation.online(new OnlineSettings(64, false, List.of(installation.lane("shop"))));
            role.start();
            try {
                // Ready only with the version that is required, but it answers, and refuses, before.
                Await.until("waiting", () -> role.state() == RoleState.WAITING);
                assertThat(role.waits()).singleElement().asString().contains("lane 'letters/shop'");
                Letters.serve(installation, "shop", 3);
                Await.until("running", () -> role.state() == RoleState.RUNNING);
                assertThat(role.waits()).isEmpty();

                Prediction answer = answered(ask(role, "one", null));
                assertThat(answer.label()).isEqualTo("v3");
                assertThat(answer.version().number()).isEqualTo(3);
                assertThat(role.serving()).containsOnlyKeys("shop");
                assertThat(answered(ask(role, "one", 3L)).label()).isEqualTo("v3");
                assertThat(ask(role, "one", 4L))
                        .isInstanceOfSatisfying(
                                TurnedAway.class,
                                away -> assertThat(away.cause()).isEqualTo(Cause.UNKNOWN_VERSION));
            } finally {
                role.stop();
                role.awaitEnd();
            }
            assertThat(ask(role, "late", null))
                    .isInstanceOfSatisfying(
                            TurnedAway.class, away -> assertThat(away.cause()).isEqualTo(Cause.AWAY));
            assertThat(installation.records(Topic.REQUESTS, "shop")).isEmpty();
        }
    }

    /** A logged request has one answer, also where a predictor reads its topic, and its label is sent. */
    @Test
    void shouldLogRequestsWithTheirAnswersWhichNoPredictorGivesAgain(BrokerUnderTest broker) throws Exception {
        try (Installation installation = Letters.open(broker, folder, null)) {
            Letters.serve(installation, "shop", 3);
            OnlinePredictor role =
                    installation.online(new OnlineSettings(64, true, List.of(installation.lane("shop"))));
            Predictor predictor = installation.predictor(PredictorListener.NONE);
            role.start();
            predictor.start();
            try {
                Await.until(
                        "both running",
                        () -> role.state() == RoleState.RUNNING && predictor.state() == RoleState.RUNNING);
                assertThat(answered(ask(role, "over HTTP", null)).label()).isEqualTo("v3");
                // Behind it on the same partition, so that it is answered after the predictor has passed over the
                // first.
                Letters.ask(installation, "shop", 0, 1);
                Await.until(
                        "both answers",
                        () -> Letters.predictions(installation, "shop").size() >= 2);
                LateLabel label = new LateLabel("over HTTP", "shop", new Label.ClassLabel("v3"), Instant.EPOCH);
                assertThat(role.label(label).get(30, TimeUnit.SECONDS)).isEmpty();
            } finally {
                role.stop();
                predictor.stop();
                role.awaitEnd();
                predictor.awaitEnd();
            }

            assertThat(Letters.predictions(installation, "shop"))
                    .extracting(Prediction::requestId)
                    .containsExactlyInAnyOrder("over HTTP", "0");
            assertThat(installation.records(Topic.REQUESTS, "shop")).hasSize(2);
            assertThat(installation.records(Topic.LABELS, "over HTTP")).hasSize(1);
        }
    }

    /** A challenger answers behind the champion, on the same topic, and its answer is told from that of the champion. */
    @Test
    void shouldWriteWhatAChallengerWouldHaveAnsweredBehindTheAnswer(BrokerUnderTest broker) throws Exception {
        try (Installation installation = Letters.open(broker, folder, null)) {
            Letters.serve(installation, "shop", 3);
            VersionRef challenger = Letters.publish(installation, "shop", 4);
            List<Shadow> shadows = List.of(new Shadow(installation.lane("shop"), 4, 1));
            OnlinePredictor role = installation.online(new OnlineSettings(
                    64, OnlineSettings.USUAL_WAIT, true, shadows, List.of(installation.lane("shop"))));
            role.start();
            try {
                Await.until("running", () -> role.state() == RoleState.RUNNING);
                for (String id : List.of("1", "2", "3")) {
                    Prediction answer = answered(ask(role, id, null));
                    assertThat(answer.label()).isEqualTo("v3");
                    assertThat(answer.shadow()).isFalse();
                }
                assertThat(answered(ask(role, "named", 3L)).label()).isEqualTo("v3");
                Await.until(
                        "all answers",
                        () -> Letters.predictions(installation, "shop").size() >= 7);
            } finally {
                role.stop();
                role.awaitEnd();
            }

            List<Prediction> all = Letters.predictions(installation, "shop");
            assertThat(all)
                    .filteredOn(answer -> !answer.shadow())
                    .extracting(Prediction::requestId, Prediction::label)
                    .containsExactly(tuple("1", "v3"), tuple("2", "v3"), tuple("3", "v3"), tuple("named", "v3"));
            assertThat(all)
                    .filteredOn(Prediction::shadow)
                    .extracting(Prediction::requestId, Prediction::label, Prediction::version)
                    .containsExactly(
                            tuple("1", "v4", challenger), tuple("2", "v4", challenger), tuple("3", "v4", challenger));
            for (String id : List.of("1", "2", "3")) {
                assertThat(all)
                        .filteredOn(answer -> answer.requestId().equals(id))
                        .extracting(Prediction::shadow)
                        .containsExactly(false, true);
            }
            assertThat(installation.records(Topic.REQUESTS, "shop")).hasSize(4);
        }
    }

    private static CallResult ask(OnlinePredictor role, String id, @Nullable Long version) throws Exception {
        Outcome<Request> request =
                role.check(new Request(id, new Payload.Text("a text"), Instant.EPOCH, Letters.ADAPTATION));
        Call call = Call.of(
                "shop",
                version,
                List.of(((Outcome.Ok<Request>) request).value()),
                System.nanoTime() + Duration.ofSeconds(60).toNanos());
        role.ask(call);
        return call.result().get(60, TimeUnit.SECONDS);
    }

    private static Prediction answered(CallResult result) {
        assertThat(result).isInstanceOf(Answered.class);
        Outcome<Prediction> outcome = ((Answered) result).outcomes().get(0);
        assertThat(outcome).isInstanceOf(Outcome.Ok.class);
        return ((Outcome.Ok<Prediction>) outcome).value();
    }
}
