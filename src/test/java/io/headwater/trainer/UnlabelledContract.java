package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.TrainingConfig.UnlabelledUse;
import io.headwater.domain.Command;
import io.headwater.domain.Command.Action;
import io.headwater.domain.ForgottenSample;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Sample;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import io.headwater.domain.VersionRef;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests samples without a label among those that have one. */
@Timeout(120)
abstract class UnlabelledContract {
    private static final String HOME = "home";

    @TempDir
    private Path folder;

    @Test
    void shouldLearnTheSameWithSamplesWithoutALabelBetween(BrokerUnderTest broker) {
        try (Installation mixed = open(broker, "mixed");
                Installation plain = open(broker, "plain")) {
            String domain = mixed.domain(0, 0);
            for (int i = 0; i < 75; i++) {
                mixed.unlabelled(domain, "nobody knows " + i);
                Adaptations.send(mixed, domain, i);
                Adaptations.send(plain, domain, i);
            }

            mixed.train();
            plain.train();

            History history = new History(mixed);
            history.requireExactlyOnce();
            history.requireReplayable();
            assertThat(history.digests()).isEqualTo(new History(plain).digests());
            assertThat(history.deadLetters()).isEmpty();
            // The first one came before the lane had begun.
            assertThat(counted(history, domain)).isEqualTo(74);
        }
    }

    @Test
    void shouldBeginNoLaneWithoutALabel(BrokerUnderTest broker) {
        try (Installation installation = open(broker, "none")) {
            String domain = installation.domain(0, 0);
            List<Lane> told = new ArrayList<>();
            installation.unlabelled(domain, "nobody knows");

            installation.train(new TrainerListener() {
                @Override
                public void unlabelled(Lane lane) {
                    told.add(lane);
                }
            });
            installation.train();

            History history = new History(installation);
            assertThat(history.versions()).isEmpty();
            assertThat(history.deadLetters()).isEmpty();
            assertThat(told).containsExactly(installation.lane(domain));
        }
    }

    /** Also when the same samples are read again. */
    @Test
    void shouldCountEachSampleOnce(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker, "once");
                Admin admin = broker.admin()) {
            String domain = installation.domain(0, 0);
            send(installation, domain, 0, 24);
            installation.train();
            for (int i = 0; i < 5; i++) {
                installation.unlabelled(domain, "nobody knows " + i);
            }
            installation.train();
            admin.deleteConsumerGroups(List.of(installation.group())).all().get();
            for (int i = 5; i < 8; i++) {
                installation.unlabelled(domain, "nobody knows " + i);
            }
            send(installation, domain, 24, 48);

            installation.train();

            History history = new History(installation);
            history.requireExactlyOnce();
            history.requireReplayable();
            assertThat(history.versions(domain))
                    .extracting(version -> version.lineage().unlabelled())
                    .containsExactly(0L, 8L);
        }
    }

    @Test
    void shouldNotCountWhatAPausePassesOver(BrokerUnderTest broker) {
        try (Installation installation = open(broker, "pause")) {
            String domain = installation.domain(0, 0);
            send(installation, domain, 0, 24);
            installation.train();
            installation.command(command(domain, installation, Action.PAUSE, "", List.of()));
            installation.train();
            installation.unlabelled(domain, "nobody knows");
            installation.train();
            installation.command(command(domain, installation, Action.RESUME, "", List.of()));
            installation.train();
            send(installation, domain, 24, 48);

            installation.train();

            History history = new History(installation);
            history.requireExactlyOnce();
            assertThat(counted(history, domain)).isZero();
        }
    }

    @Test
    void shouldForgetOnlyWhatHasALabel(BrokerUnderTest broker) {
        try (Installation installation = open(broker, "forget")) {
            String domain = installation.domain(0, 0);
            installation.unlabelled(domain, Adaptations.sentence(0));
            send(installation, domain, 0, 24);
            installation.unlabelled(domain, "nobody knows");
            installation.train();

            installation.command(command(domain, installation, Action.FORGET, "id", List.of(1L, 25L)));
            installation.command(command(domain, installation, Action.FORGET, "id", List.of(25L)));
            installation.train();

            History history = new History(installation);
            assertThat(history.versions(domain).get(1).lineage().forgotten())
                    .extracting(ForgottenSample::offset)
                    .containsExactly(1L);
            assertThat(history.deadLetterRecords())
                    .extracting(letter -> History.headers(letter).rejection())
                    .singleElement()
                    .satisfies(rejection -> {
                        assertThat(rejection.reason()).isEqualTo(Reason.REFUSED);
                        assertThat(rejection.message()).contains("has no label");
                    });
        }
    }

    @Test
    void shouldRejectABadPayloadAlsoWithoutALabel(BrokerUnderTest broker) {
        try (Installation installation = open(broker, "bad")) {
            String domain = installation.domain(0, 0);
            send(installation, domain, 0, 24);
            Sample empty = new Sample("id", new Payload.Text(""), null, Instant.EPOCH);
            installation.send(domain, installation.codec().encode(EventType.SAMPLE, empty), false);
            Sample numbers = new Sample("id", new Payload.Tensor(List.of(1), new float[] {1}), null, Instant.EPOCH);
            installation.send(domain, installation.codec().encode(EventType.SAMPLE, numbers), false);

            installation.train();

            History history = new History(installation);
            history.requireExactlyOnce();
            assertThat(history.deadLetters().values()).containsExactlyInAnyOrder(Reason.BAD_PAYLOAD, Reason.WRONG_KIND);
            assertThat(counted(history, domain)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ALIGN", "PROPAGATE"})
    void shouldServeADomainWithoutAnyLabelByWhatItsSamplesSay(UnlabelledUse use, BrokerUnderTest broker) {
        try (Installation installation = open(broker, "zero", startingFromHome(use))) {
            // Given
            send(installation, HOME, 0, 48);
            installation.train();
            VersionRef home = last(new History(installation).versions(HOME)).ref();
            String domain = installation.domain(1, 0);

            // When its texts differ visibly from those of the source
            for (int i = 0; i < 20; i++) {
                installation.unlabelled(domain, Adaptations.sentence(i) + " indeed indeed indeed indeed indeed");
            }
            installation.train();

            // Then
            History history = new History(installation);
            ModelVersion first = last(history.versions(domain));
            assertThat(first.ref().number()).isEqualTo(1);
            assertThat(first.lineage().parent()).isEqualTo(home);
            assertThat(first.lineage().unlabelled()).isEqualTo(20);
            assertThat(first.lineage().samples()).isZero();
            assertThat(first.ref().artifact()).isNotEqualTo(home.artifact());
            Serving serving = last(history.servings(domain));
            assertThat(serving.version()).isEqualTo(first.ref());
            assertThat(serving.reason()).contains("20 samples without a label");
            history.requireReplayable();

            // When labels come, and more samples without one
            send(installation, domain, 20, 40);
            for (int i = 40; i < 50; i++) {
                installation.unlabelled(domain, Adaptations.sentence(i));
            }
            send(installation, domain, 50, 70);
            installation.train();

            // Then
            history = new History(installation);
            history.requireExactlyOnce();
            history.requireReplayable();
            assertThat(counted(history, domain)).isEqualTo(30);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ALIGN", "PROPAGATE"})
    void shouldForgetWhatItUses(UnlabelledUse use, BrokerUnderTest broker) {
        try (Installation installation = open(broker, "used", startingFromHome(use))) {
            send(installation, HOME, 0, 48);
            installation.train();
            String domain = installation.domain(installation.topics().partitionOf(HOME) == 0 ? 1 : 0, 0);
            for (int i = 0; i < 20; i++) {
                installation.unlabelled(domain, Adaptations.sentence(i));
            }
            installation.train();
            installation.unlabelled(domain, Adaptations.sentence(20));
            installation.flush();

            installation.command(command(domain, installation, Action.FORGET, "id", List.of(3L, 7L)));
            installation.train();

            History history = new History(installation);
            assertThat(history.deadLetters()).isEmpty();
            assertThat(history.versions(domain))
                    .flatExtracting(version -> version.lineage().forgotten())
                    .extracting(ForgottenSample::offset)
                    .containsExactly(3L, 7L);
            history.requireReplayable();
        }
    }

    /**
     * A configuration may change between two runs of a trainer: what came while such samples were ignored was never added, and
     * cannot be taken out.
     */
    @ParameterizedTest
    @EnumSource(names = {"ALIGN", "PROPAGATE"})
    void shouldForgetOnlyWhatCameWhileItWasUsed(UnlabelledUse use, BrokerUnderTest broker) {
        String prefix = broker.fresh("switched");
        String domain;
        try (Installation ignoring =
                opened(broker, prefix, using(UnlabelledUse.IGNORE)).createTopics()) {
            domain = ignoring.domain(0, 0);
            // Of a version, and of none.
            send(ignoring, domain, 0, 12);
            ignoring.unlabelled(domain, Adaptations.sentence(0));
            send(ignoring, domain, 12, 24);
            ignoring.train();
            ignoring.unlabelled(domain, Adaptations.sentence(1));
            ignoring.train();
        }
        try (Installation using = opened(broker, prefix, using(use))) {
            using.unlabelled(domain, Adaptations.sentence(2));
            using.unlabelled(domain, Adaptations.sentence(3));
            using.train();
            List<Long> none = List.of(12L, 25L);

            none.forEach(offset -> using.command(command(domain, using, Action.FORGET, "id", List.of(offset))));
            using.command(command(domain, using, Action.FORGET, "id", List.of(12L, 26L)));
            using.train();

            History history = new History(using);
            assertThat(history.deadLetterRecords())
                    .extracting(letter -> History.headers(letter).rejection().reason())
                    .containsExactly(Reason.REFUSED, Reason.REFUSED);
            assertThat(history.versions(domain))
                    .flatExtracting(version -> version.lineage().forgotten())
                    .extracting(ForgottenSample::offset)
                    .containsExactly(26L);
            history.requireReplayable();
        }
    }

    /** Returns the number of samples without a label that the lane has counted. */
    private static long counted(History history, String domain) {
        List<TrainerState> states = history.states(domain);
        return history.versions(domain).stream()
                        .map(ModelVersion::lineage)
                        .mapToLong(Lineage::unlabelled)
                        .sum()
                + states.get(states.size() - 1).unlabelled();
    }

    private static Command command(
            String domain, Installation installation, Action action, String id, List<Long> offsets) {
        return new Command(installation.lane(domain), action, null, "Ada", "a test", Instant.EPOCH, id, offsets);
    }

    private static void send(Installation installation, String domain, int from, int to) {
        for (int i = from; i < to; i++) {
            Adaptations.send(installation, domain, i);
        }
    }

    private static AdaptationConfig startingFromHome(UnlabelledUse use) {
        return using(use).withSource(HOME);
    }

    private static AdaptationConfig using(UnlabelledUse use) {
        AdaptationConfig config = Adaptations.text(Adaptations.BY_STEPS);
        return config.withTraining(config.training().withUnlabelled(use));
    }

    private static <T> T last(List<T> all) {
        return all.get(all.size() - 1);
    }

    private Installation open(BrokerUnderTest broker, String name) {
        return open(broker, name, Adaptations.text(Adaptations.BY_STEPS));
    }

    private Installation open(BrokerUnderTest broker, String name, AdaptationConfig config) {
        return opened(broker, broker.fresh(name), config).createTopics();
    }

    private Installation opened(BrokerUnderTest broker, String prefix, AdaptationConfig config) {
        return Installation.of(
                        config,
                        broker.bootstrapServers(),
                        prefix,
                        new FileArtifactStore(folder.resolve(prefix), 1 << 24))
                .open();
    }
}
