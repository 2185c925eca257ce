package io.headwater.predictor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.SeenFeatures;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.PromotionConfig.NewDomains;
import io.headwater.domain.Digest;
import io.headwater.domain.Prediction;
import io.headwater.domain.Prediction.Adapted;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.trainer.History;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A domain that has no version is answered by the lane whose samples are most similar to its requests. */
@Timeout(180)
abstract class NearestLaneContract {
    private static final String BRIEF = "brief";
    private static final String LONG = "long";

    @TempDir
    private Path folder;

    @Test
    void shouldAnswerANewDomainByTheLaneWithTheMostSimilarSamples(BrokerUnderTest broker) {
        try (Installation installation = Letters.openAs(broker, folder, nearest())) {
            // Given
            learn(installation, BRIEF, "aa");
            learn(installation, LONG, "zzzzzzzzzzzz");
            installation.train();
            new History(installation).requireReplayable();
            installation.request("new", "0", "zzzzzzzzzzz");
            installation.request("new", "1", "abb");

            // When asked, and after a restart
            answer(installation, 2);
            installation.request("new", "2", "yyyyyyyyyyyyy");
            answer(installation, 1);

            // Then
            assertThat(predictions(installation))
                    .extracting(
                            Prediction::requestId, one -> one.version().lane().domain(), Prediction::adapted)
                    .containsExactly(
                            tuple("0", LONG, Adapted.NONE),
                            tuple("1", BRIEF, Adapted.NONE),
                            tuple("2", LONG, Adapted.NONE));

            // When it has learned itself
            learn(installation, "new", "zzzzzzz");
            installation.train();
            installation.request("new", "3", "zzzzzzzzzzz");
            answer(installation, 1);

            // Then
            assertThat(predictions(installation).get(3)).satisfies(prediction -> {
                assertThat(prediction.version().lane()).isEqualTo(installation.lane("new"));
                assertThat(prediction.adapted()).isEqualTo(Adapted.LEARNED);
            });
            assertThat(Letters.deadLetters(installation, "new")).isEmpty();
        }
    }

    /** Versions from before the setting was on do not say which features they have seen. */
    @Test
    void shouldAnswerByTheSourceWhereNoLaneSaysWhatItHasSeen(BrokerUnderTest broker) {
        try (Installation installation =
                Letters.openAs(broker, folder, nearest().withSource(BRIEF))) {
            Letters.serve(installation, BRIEF, 3);
            Letters.serve(installation, LONG, 4);
            Letters.ask(installation, "new", 0, 1);

            answer(installation, 1);

            assertThat(predictions(installation))
                    .singleElement()
                    .extracting(Prediction::label)
                    .isEqualTo("v3");
        }
    }

    @Test
    void shouldLetRequestsWaitUntilALaneThatCouldBeNearestIsLoaded(BrokerUnderTest broker) {
        try (Installation installation = Letters.openAs(broker, folder, nearest())) {
            HeadArtifact plain = Letters.head(5);
            HeadArtifact head = new HeadArtifact(
                    plain.baseModel(),
                    plain.form(),
                    plain.labels(),
                    plain.parameters(),
                    false,
                    new SeenFeatures(new float[] {3, 97}, new float[] {1, 1}),
                    null);
            Digest missing = Digest.of(head.toBytes());
            Letters.serve(installation, LONG, 5, missing);
            try (RunningPredictor predictor = new RunningPredictor(installation)) {
                predictor.awaitWaiting(missing.toString());
                Letters.ask(installation, "new", 0, 1);

                Letters.keep(installation, head);

                predictor.awaitAnswered(1);
            }
            assertThat(predictions(installation)).extracting(Prediction::label).isEqualTo(List.of("v5"));
            assertThat(Letters.deadLetters(installation, "new")).isEmpty();
        }
    }

    private static AdaptationConfig nearest() {
        AdaptationConfig config = Letters.config();
        return config.withPromotion(config.promotion().withNewDomains(NewDomains.NEAREST));
    }

    private static void learn(Installation installation, String domain, String text) {
        for (int i = 0; i < 32; i++) {
            installation.sample(domain, text + "a".repeat(i % 3), i % 3 == 0 ? "one" : "several");
        }
    }

    private static void answer(Installation installation, int requests) {
        installation.flush();
        try (RunningPredictor predictor = new RunningPredictor(installation)) {
            predictor.awaitAnswered(requests);
        }
    }

    private static List<Prediction> predictions(Installation installation) {
        return Letters.predictions(installation, "new").stream()
                .filter(one -> one.domain().equals("new"))
                .toList();
    }
}
