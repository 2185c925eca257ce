package io.headwater.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.headwater.api.http.ApiLimits;
import io.headwater.codec.EventType;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.domain.Prediction;
import io.headwater.domain.Sample;
import io.headwater.kafka.Topic;
import io.headwater.online.OnlinePredictor;
import io.headwater.online.OnlineSettings;
import io.headwater.online.Shadow;
import io.headwater.ops.LaneLog;
import io.headwater.ops.lane.LateScore;
import io.headwater.ops.lane.LateScore.Comparison;
import io.headwater.predictor.LetterModel;
import io.headwater.predictor.Letters;
import io.headwater.role.RoleState;
import io.headwater.streams.Streams;
import io.headwater.streams.StreamsListener;
import io.headwater.streams.StreamsSettings;
import io.headwater.streams.StreamsSetup;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Callers ask, a challenger answers beside the champion, and labels come: version 3 serves and answers {@code v3}, version 4 challenges
 * it and answers {@code v4}.
 */
@OnEmbeddedBroker
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ShadowTrafficEmbeddedTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String PATH = "/api/v1/lanes/letters/shop/";

    @TempDir
    private Path folder;

    @Test
    void shouldScoreTheChallengerByTheLabelsThatCallersSend(BrokerUnderTest broker) throws Exception {
        try (Installation installation = Letters.open(broker, folder.resolve("store"), null)) {
            // Given
            Lane lane = installation.lane("shop");
            Letters.serve(installation, "shop", 3);
            Letters.publish(installation, "shop", 4);
            OnlinePredictor online = installation.online(new OnlineSettings(
                    64, OnlineSettings.USUAL_WAIT, true, List.of(new Shadow(lane, 4, 1)), List.of(lane)));
            Streams streams = new Streams(setup(installation));
            online.start();
            streams.start();
            try (ApiServer api = new ApiServer(online, new ApiLimits(1 << 20, 1 << 22, Duration.ofSeconds(60)))) {
                Await.until(
                        "both running",
                        PATIENCE,
                        () -> online.state() == RoleState.RUNNING && streams.state() == RoleState.RUNNING);

                // When
                for (String id : List.of("1", "2", "3", "4")) {
                    HttpResponse<String> answer = api.post(PATH + "predict?id=" + id, "text/plain", "text " + id);
                    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                    assertThat(answer.body()).contains("\"prediction\":\"v3\"", "\"version\":3");
                }
                label(api, "1", "v3");
                label(api, "2", "v4");
                label(api, "3", "v4");

                // Then
                LaneLog log = new LaneLog(installation.clients(), installation.codec());
                Await.until("both evaluations", PATIENCE, () -> {
                    // A later request, by which the periods of those before come to their end.
                    installation.request("shop", "later " + System.nanoTime(), "a text", Letters.ADAPTATION);
                    installation.flush();
                    return LateScore.of(log, lane::equals).stream()
                                    .filter(one -> one.labelled() == 3)
                                    .count()
                            == 2;
                });
                List<LateScore> scores = LateScore.of(log, lane::equals);
                assertThat(scores)
                        .extracting(one -> one.version().number(), LateScore::score, LateScore::shadow)
                        .containsExactly(tuple(3L, 1.0 / 3, null), tuple(4L, 2.0 / 3, new Comparison(1.0 / 3, 2, 1)));
            } finally {
                online.stop();
                streams.stop();
                online.awaitEnd();
                streams.awaitEnd();
            }
            assertThat(Letters.predictions(installation, "shop"))
                    .filteredOn(one -> one.requestId().equals("2"))
                    .extracting(Prediction::label, Prediction::shadow)
                    .containsExactly(tuple("v3", false), tuple("v4", true));
            assertThat(installation.records(Topic.SAMPLES, "shop").stream()
                            .map(record -> installation.codec().decodeOrThrow(EventType.SAMPLE, record.value())))
                    .extracting(Sample::id, Sample::label, ShadowTrafficEmbeddedTest::answeredBy)
                    .containsExactlyInAnyOrder(
                            tuple("1", new ClassLabel("v3"), 3L),
                            tuple("2", new ClassLabel("v4"), 3L),
                            tuple("3", new ClassLabel("v4"), 3L));
            assertThat(installation.records(Topic.DEAD_LETTERS, "shop")).isEmpty();
        }
    }

    private static long answeredBy(Sample sample) {
        return Objects.requireNonNull(sample.provenance()).version().number();
    }

    private static void label(ApiServer api, String id, String label) throws Exception {
        HttpResponse<String> sent =
                api.post(PATH + "feedback/" + id, "application/json", "{\"label\": \"" + label + "\"}");
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(202);
    }

    /** Periods of a second, and no time for what is on its way, because everything comes in the right order here. */
    private StreamsSetup setup(Installation installation) {
        return new StreamsSetup(
                Letters.ADAPTATION,
                LetterModel.GOAL,
                false,
                installation.clients(),
                installation.codec(),
                installation.topics().prefix() + "streams",
                "one",
                new StreamsSettings(
                        folder.resolve("state"),
                        1,
                        0,
                        StreamsSettings.USUAL_WAIT,
                        StreamsSettings.USUAL_EARLY,
                        Duration.ofSeconds(1),
                        Duration.ZERO),
                Clock.systemUTC(),
                StreamsListener.NONE);
    }
}
