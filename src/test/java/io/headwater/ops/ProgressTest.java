package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.predictor.PredictorListener;
import io.headwater.role.Role;
import io.headwater.role.RoleControl;
import io.headwater.role.ThreadRole;
import io.headwater.store.FileArtifactStore;
import io.headwater.task.PayloadView;
import io.headwater.task.Preparation;
import io.headwater.task.Task;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.HashBackbone;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import io.headwater.trainer.Adaptations;
import io.headwater.trainer.TrainerListener;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A role that has work, but completes none of it, fails the liveness probe until it goes on. */
@OnEmbeddedBroker
@Timeout(180)
class ProgressTest {
    private static final String BLOCKS = "a text that blocks";

    @TempDir
    private Path folder;

    private final Roles roles = new Roles(
            TestSettings.of(Map.of("headwater.progress-timeout", "1s")),
            new SimpleMeterRegistry(),
            OpenTelemetry.noop());
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private Installation installation;
    private String domain;

    @BeforeEach
    void open(BrokerUnderTest broker) {
        AdaptationConfig config = Adaptations.text(Adaptations.BY_STEPS);
        Task plain = Tasks.of(config, TestModels.miniLm());
        installation = Installation.of(config, broker, new FileArtifactStore(folder, 1 << 24))
                .with(
                        new Task(blocking(plain.preparation()), plain.goal()),
                        Installation.model(config, new HashBackbone()))
                .createTopics();
        domain = installation.domain(0, 0);
    }

    @AfterEach
    void close() throws Exception {
        mayGoOn.countDown();
        roles.stop();
        installation.close();
    }

    @Test
    void shouldNoticeThatAPredictorHangs() {
        for (int i = 0; i < 24; i++) {
            Adaptations.send(installation, domain, i);
        }
        installation.train();
        installation.request(domain, "blocked", BLOCKS);
        installation.flush();

        requireThatLivenessFailsWhileItIsBlocked(installation.predictor(PredictorListener.NONE));
    }

    @Test
    void shouldNoticeThatATrainerHangs() {
        installation.sample(domain, BLOCKS, Adaptations.label(0));
        installation.flush();

        requireThatLivenessFailsWhileItIsBlocked(installation.trainer("one", TrainerListener.NONE));
    }

    @Test
    void shouldNoticeThatARoleHangsOfWhichAPartWaits() {
        requireThatLivenessFailsWhileItIsBlocked(new ThreadRole("partly", "group", "instance") {
            @Override
            protected void work(RoleControl control) throws InterruptedException {
                control.waiting("an artifact");
                blocked.countDown();
                mayGoOn.await();
                while (!control.isStopping()) {
                    control.waiting("an artifact");
                    control.progressed();
                }
            }
        });
    }

    private void requireThatLivenessFailsWhileItIsBlocked(Role role) {
        roles.run(new RoleGroup("", List.of(role)));
        Await.until("it to be blocked", () -> blocked.getCount() == 0);

        Await.until("liveness to fail", () -> !roles.failures().isEmpty());
        assertThat(roles.failures())
                .singleElement()
                .asString()
                .startsWith(role.name() + ": no progress for ")
                .endsWith(" s although there is work");

        mayGoOn.countDown();
        Await.until("liveness", () -> roles.failures().isEmpty());
    }

    private Preparation blocking(Preparation preparation) {
        return new Preparation() {
            @Override
            public Outcome<PayloadView> view(Payload payload) {
                return preparation.view(payload);
            }

            @Override
            public Outcome<ModelInput> input(PayloadView view) {
                if (view.payload().equals(new Payload.Text(BLOCKS))) {
                    blocked.countDown();
                    try {
                        mayGoOn.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
                return preparation.input(view);
            }
        };
    }
}
