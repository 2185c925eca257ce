package io.headwater.online;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Label;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
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
