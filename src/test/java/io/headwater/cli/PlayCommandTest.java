package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.config.AdaptationFile;
import io.headwater.domain.Digest;
import io.headwater.domain.Evaluation;
import io.headwater.engine.family.FamilyModel;
import io.headwater.engine.family.Perceptron;
import io.headwater.engine.family.Perceptron.Activation;
import io.headwater.engine.runtime.WholeModels;
import io.headwater.kafka.KafkaSettings;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.RuntimeSettings;
import io.headwater.predictor.LocalPredictor;
import io.headwater.standalone.SampleProducer;
import io.headwater.standalone.play.Actor;
import io.headwater.standalone.play.Actor.Played;
import io.headwater.standalone.play.Corridor;
import io.headwater.standalone.play.Practice.Exploration;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import io.headwater.trainer.PartitionCheckpoint;
import io.headwater.trainer.Trainer;
import io.headwater.trainer.TrainerListener;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Tests that a policy improves while an actor plays with it, including the broker, the trainer, the gate and the swap
 * of serving versions.
 */
@OnEmbeddedBroker
@Timeout(180)
class PlayCommandTest {
    private static final String DOMAIN = "corridor";
    private static final int EPISODES = 10;
    private static final int MOST_ROUNDS = 30;

    @TempDir
    private Path folder;

    @Test
    void shouldImproveWhileItPlaysWithWhatServes(BrokerUnderTest broker) throws Exception {
        String prefix = broker.fresh("play") + ".";
        Path config = adaptation(broker.fresh("moves"));
        RuntimeSettings settings =
                RuntimeSettings.local(KafkaSettings.of(broker.bootstrapServers()), folder.resolve("store"), prefix, 1);
        Learned learned = new Learned();
        List<Played> played = new ArrayList<>();
        try (AdaptationRuntime runtime = AdaptationRuntime.open(AdaptationFile.read(config), settings)) {
            runtime.ensureTopics();
            Trainer trainer = runtime.trainer(learned);
            trainer.start();
            try (LocalPredictor policy = runtime.localPredictor();
                    SampleProducer producer =
                            new SampleProducer(runtime.clients(), runtime.codec(), Clock.systemUTC())) {
                policy.awaitCaughtUp();
                Actor actor = new Actor(
                        new Corridor(), new Exploration(0.2, 0.2, 1, 5), 3, DOMAIN, "actor", policy, producer);
                long steps = 0;
                for (int round = 0; round < MOST_ROUNDS && mean(newest(played)) < -6.5; round++) {
                    for (int i = 0; i < EPISODES; i++) {
                        Played one = actor.play(played.size(), () -> {});
                        played.add(one);
                        steps += one.length();
                    }
                    long sent = steps;
                    Await.until("the trainer to learn what was sent", () -> learned.samples.get() >= sent);
                }
            } finally {
                trainer.stop();
                trainer.awaitEnd();
            }
            assertThat(trainer.failure()).isNull();
        }

        assertThat(played.get(0).version()).isNull();
        assertThat(mean(played.subList(0, EPISODES))).isLessThan(-10);
        assertThat(mean(newest(played))).isGreaterThan(-6.5);
        assertThat(newest(played)).extracting(Played::version).doesNotContainNull();
        assertThat(learned.evaluations)
                .anySatisfy(evaluation ->
                        assertThat(evaluation.metrics()).containsKeys("meanReturn", "episodes", "championTdError"));
        assertThat(learned.evaluations)
                .anySatisfy(evaluation -> assertThat(evaluation.metrics().keySet())
                        .anyMatch(name -> name.startsWith("meanReturnVersion")));

        JsonNode report = play(config, broker.bootstrapServers(), prefix);
        assertThat(report.get("episodes").asInt()).isEqualTo(3);
        assertThat(report.get("meanReturn").asDouble()).isPositive();
        assertThat(report.get("versions").has("none")).isFalse();
        assertThat(report.get("windows")).hasSize(1);
    }

    private JsonNode play(Path config, String bootstrapServers, String prefix) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            int code = HeadwaterMain.commandLine(CommandLine.defaultFactory())
                    .execute(
                            "play",
                            "--config=" + config,
                            "--domain=" + DOMAIN,
                            "--environment=cart-pole",
                            "--set=gravity=12",
                            "--episodes=3",
                            "--json",
                            "--bootstrap-servers=" + bootstrapServers,
                            "--topics-prefix=" + prefix,
                            "--store=" + folder.resolve("store"));
            assertThat(code).isZero();
        } finally {
            System.setOut(before);
        }
        return new ObjectMapper().readTree(bytes.toString(StandardCharsets.UTF_8));
    }

    private static List<Played> newest(List<Played> played) {
        return played.subList(Math.max(0, played.size() - EPISODES), played.size());
    }

    private static double mean(List<Played> played) {
        return played.stream().mapToDouble(Played::total).average().orElse(Double.NEGATIVE_INFINITY);
    }

    /** Writes an adaptation of a random network of two layers. */
    private Path adaptation(String name) throws Exception {
        FamilyModel model =
                new Perceptron(4, List.of(16, 16), 2, Activation.TANH).model("mlp", "observation", "values", 3);
        byte[] file = WholeModels.file(model, WholeModels.first(model));
        Files.write(folder.resolve("policy.onnx"), file);
        Files.writeString(folder.resolve("policy.yaml"), """
                name: random-policy
                licence: none
                model:
                  location: policy.onnx
                  digest: %s
                input:
                  type: tensor
                  name: observation
                  shape: [4]
                cut: %s
                """.formatted(Digest.of(file), model.features()));
        return Files.writeString(folder.resolve("moves.yaml"), """
                name: %s
                task: reinforcement-learning
                base: ./policy.yaml
                labels: [left, right]
                training: {batch-size: 8, learning-rate: 0.02}
                reinforcement: {discount: 0.9, n-step: 3, target-steps: 20}
                replay: {capacity: 2000, per-step: 32}
                checkpoint: {steps: 20, interval: 200ms, linger: 50ms}
                """.formatted(name));
    }

    /** Records the events of the trainer. */
    private static final class Learned implements TrainerListener {
        final AtomicLong samples = new AtomicLong();
        final ConcurrentLinkedQueue<Evaluation> evaluations = new ConcurrentLinkedQueue<>();

        @Override
        public void committed(PartitionCheckpoint checkpoint) {
            checkpoint
                    .versions()
                    .forEach(version -> samples.addAndGet(version.lineage().samples()));
            evaluations.addAll(checkpoint.evaluations());
        }
    }
}
