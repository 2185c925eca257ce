package io.headwater.trainer.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.HeadConfig;
import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.ReinforcementConfig.Algorithm;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TopConfig;
import io.headwater.config.TopConfig.BatchStatistics;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.config.TrainingConfig.GradientConfig;
import io.headwater.config.TrainingConfig.RememberConfig;
import io.headwater.config.TrainingConfig.RememberConfig.Method;
import io.headwater.config.TrainingConfig.UnlabelledUse;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Command;
import io.headwater.domain.Command.Action;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Evaluation.Kind;
import io.headwater.domain.ForgottenSample;
import io.headwater.domain.LabelEdit;
import io.headwater.domain.MergedVersion;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.TrainerState;
import io.headwater.domain.VersionRef;
import io.headwater.engine.TestModels;
import io.headwater.testing.Installation;
import io.headwater.trainer.Adaptations;
import io.headwater.trainer.History;
import io.headwater.trainer.Moves;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The training strategies of trainer processes that are killed. */
enum KilledLearning {
    /** A linear head on frozen features that is computed in closed form, as it is by default. */
    CLOSED_FORM {
        @Override
        Installation installation(String prefix, String bootstrapServers, ArtifactStore store) {
            AdaptationConfig linear = Adaptations.heavy().withHead(new HeadConfig(0));
            return Installation.of(linear, bootstrapServers, prefix, store).open();
        }
    },
    /** The same on labels of requests, one in five of which is wrong at first and corrected later. */
    CORRECTIONS {
        @Override
        Installation installation(String prefix, String bootstrapServers, ArtifactStore store) {
            return CLOSED_FORM.installation(prefix, bootstrapServers, store);
        }

        @Override
        void send(Installation to, String domain, int i) {
            if (i >= LATER && isWrong(i - LATER)) {
                label(to, domain, i - LATER, Adaptations.label(i - LATER), wrong(i - LATER));
            }
            label(to, domain, i, isWrong(i) ? wrong(i) : Adaptations.label(i), "");
        }

        private static void label(Installation to, String domain, int i, String label, String corrects) {
            Adaptations.label(to, domain, "request-" + i, Adaptations.sentence(i), label, corrects);
        }

        /** Number of samples after which a label is corrected, all of the same lane. */
        private static final int LATER = 21;

        private static boolean isWrong(int i) {
            return i % 5 == 0;
        }

        private static String wrong(int i) {
            return Adaptations.label(i).equals("bad") ? "good" : "bad";
        }

        @Override
        void requireSame(Installation installation, History killed, History undisturbed) {
            super.requireSame(installation, killed, undisturbed);
            assertThat(installation.versions().stream().flatMap(version -> version.lineage().corrected().stream()))
                    .isNotEmpty();
        }
    },
    /** The same as closed-form, with samples without a label between, from which contenders learn, too. */
    UNLABELLED {
        @Override
        Installation installation(String prefix, String bootstrapServers, ArtifactStore store) {
            AdaptationConfig linear = Adaptations.heavy().withHead(new HeadConfig(0));
            AdaptationConfig config = linear.withTraining(linear.training().withUnlabelled(UnlabelledUse.PROPAGATE));
            return Installation.of(config, bootstrapServers, prefix, store).open();
        }

        @Override
        void send(Installation to, String domain, int i) {
            to.unlabelled(domain, "nobody knows " + i);
            super.send(to, domain, i);
        }

        @Override
        void requireSame(Installation installation, History killed, History undisturbed) {
            super.requireSame(installation, killed, undisturbed);
            assertThat(unlabelled(killed)).isEqualTo(unlabelled(undisturbed));
        }

        private static List<Long> unlabelled(History history) {
            return history.versions().stream()
                    .map(version -> version.lineage().unlabelled())
                    .toList();
        }
    },
    /** A Deeplearning4j graph with a hidden layer on frozen features, which is trained by gradients. */
    LINEAR_PROBE {
        @Override
        Installation installation(String prefix, String bootstrapServers, ArtifactStore store) {
            return Installation.of(Adaptations.heavy(), bootstrapServers, prefix, store)
                    .open();
        }
    },
    /** The same, which also recalls the logits that were computed when a replayed sample was new. */
    STORED_LOGITS {
        @Override
        Installation installation(String prefix, String bootstrapServers, ArtifactStore store) {
            return Installation.of(remembering(Method.DER), bootstrapServers, prefix, store)
                    .open();
        }
    },
    /** The same, which also recalls the predictions of a former version. */
    FORMER_VERSION {
        @Override
        Installation installation(String prefix, String bootstrapServers, ArtifactStore store) {
            return Installation.of(remembering(Method.LWF), bootstrapServers, prefix, store)
                    .open();
        }
    },
    /** The same, which also keeps weights in place that mattered. */
    ELASTIC_WEIGHTS {
        @Override
        Installation installation(String prefix, String bootstrapServers, ArtifactStore store) {
            return Installation.of(remembering(Method.EWC), bootstrapServers, prefix, store)
                    .open();
        }
    },
    /** Two blocks of an ONNX model, unfrozen at once. */
    FINE_TUNE {
        @Override
        AdaptationConfig config(AdaptationConfig heavy) {
            return heavy.withStrategy(strategy(Strategy.FINE_TUNE, PhaseBy.STEPS, TopParameters.ALL))
                    .withOptimiser(
                            new OptimiserConfig(Updater.ADAMW, 0.9, 0.01, Schedule.COSINE, 5, 40, 1, 0.5, 0.5, 0.01));
        }
    },
    /** The output layer first, then both blocks, by stochastic gradient descent. */
    LP_FT {
        @Override
        AdaptationConfig config(AdaptationConfig heavy) {
            return heavy.withStrategy(strategy(Strategy.LP_FT, PhaseBy.STEPS, TopParameters.ALL))
                    .withOptimiser(new OptimiserConfig(
                            Updater.SGD, 0.9, 0, Schedule.INVERSE_SQUARE_ROOT, 5, 40, 0, 0.1, 1, 0));
        }
    },
    /** One block after another, each unfrozen when the loss no longer decreases. */
    GRADUAL {
        @Override
        AdaptationConfig config(AdaptationConfig heavy) {
            return heavy.withStrategy(strategy(Strategy.GRADUAL, PhaseBy.PLATEAU, TopParameters.ALL));
        }
    },
    /** Low-rank adapters. */
    LOW_RANK {
        @Override
        AdaptationConfig config(AdaptationConfig heavy) {
            return heavy.withStrategy(strategy(Strategy.GRADUAL, PhaseBy.STEPS, TopParameters.LORA));
        }
    },
    /** Biases only. */
    BIASES {
        @Override
        AdaptationConfig config(AdaptationConfig heavy) {
            return heavy.withStrategy(strategy(Strategy.FINE_TUNE, PhaseBy.STEPS, TopParameters.BIASES));
        }
    },
    /** The weights of a scalar mix of the layers of a frozen model. */
    SCALAR_MIX {
        @Override
        AdaptationConfig config(AdaptationConfig heavy) {
            TopConfig top = new TopConfig(
                    TopParameters.ALL, 2, 4, 0.2, List.of("block.0", "block.1", "block.2"), BatchStatistics.KEEP);
            return heavy.withStrategy(
                    new StrategyConfig(StrategyConfig.AUTO, Strategy.LINEAR_PROBE, 0, PhaseBy.STEPS, 4, top));
        }
    },
    /** Action values by Q-learning with a target network. */
    POLICY {
        @Override
        Installation installation(String prefix, String bootstrapServers, ArtifactStore store) {
            try {
                Path folder = Files.createTempDirectory("model");
                AdaptationConfig config =
                        Moves.config(Algorithm.DOUBLE_DQN, Adaptations.heavy().checkpoint());
                return Installation.of(config, bootstrapServers, prefix, store)
                        .divided(TestModels.tensor(folder, TestModels.policy(0), "hidden", Pooling.NONE, Moves.WIDTH));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        void send(Installation to, String domain, int i) {
            Moves.send(to, domain, i);
        }
    },
    /**
     * Labels that change their meaning for a while: the change is detected, the lane follows, and it returns to an earlier
     * version when the labels change back.
     */
    DRIFT {
        @Override
        Installation installation(String prefix, String bootstrapServers, ArtifactStore store) {
            return CLOSED_FORM.installation(prefix, bootstrapServers, store);
        }

        @Override
        void produce(Installation to, int samples) {
            super.produce(to, DRIFTING_SAMPLES);
        }

        @Override
        void send(Installation to, String domain, int i) {
            boolean swapped = i >= DRIFTING_SAMPLES / 4 && i < 3 * DRIFTING_SAMPLES / 4;
            boolean bad = Adaptations.label(i).equals("bad");
            to.sample(domain, Adaptations.sentence(i), bad == swapped ? "good" : "bad");
        }

        @Override
        void requireSame(Installation installation, History killed, History undisturbed) {
            super.requireSame(installation, killed, undisturbed);
            String busiest = installation.domain(0, 1);
            assertThat(killed.drifts(busiest)).hasSizeGreaterThanOrEqualTo(2);
            assertThat(killed.evaluations(busiest)).extracting(Evaluation::kind).contains(Kind.ROLLED_BACK);
            for (int i = 0; i < 2; i++) {
                requireSameEvents(installation.domain(0, i), killed, undisturbed);
            }
            requireSameEvents(installation.domain(1, 0), killed, undisturbed);
        }

        /**
         * Returns the evaluations without what a kill may change: their times, and how often regions covered the truth, because
         * which thresholds were announced depends on when a trainer publishes.
         */
        private static List<Evaluation> evaluations(History history, String domain) {
            return history.evaluations(domain).stream()
                    .map(one -> {
                        Map<String, Double> metrics = new TreeMap<>(one.metrics());
                        metrics.remove("coverage");
                        return new Evaluation(
                                one.lane(),
                                one.kind(),
                                one.champion(),
                                one.challenger(),
                                one.fromOffset(),
                                one.toOffset(),
                                one.samples(),
                                metrics,
                                one.verdict(),
                                Instant.EPOCH);
                    })
                    .toList();
        }

        /** Returns which versions began to serve, and why; an event for the same version only announces thresholds. */
        private static List<String> decisions(History history, String domain) {
            List<String> decisions = new ArrayList<>();
            for (Serving serving : history.servings(domain)) {
                String decision = serving.version() + " " + serving.decidedBy() + " " + serving.reason();
                if (decisions.isEmpty() || !decisions.get(decisions.size() - 1).equals(decision)) {
                    decisions.add(decision);
                }
            }
            return decisions;
        }

        /** Requires that the events of a lane are the same, in the same order. */
        private void requireSameEvents(String domain, History killed, History undisturbed) {
            assertThat(killed.drifts(domain))
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("at")
                    .containsExactlyElementsOf(undisturbed.drifts(domain));
            assertThat(evaluations(killed, domain)).isEqualTo(evaluations(undisturbed, domain));
            assertThat(decisions(killed, domain)).isEqualTo(decisions(undisturbed, domain));
        }
    },
    /**
     * After a third of the samples, one lane is paused, one begins anew, and one forgets a sample, merges a version of the
     * first one and is pinned.
     */
    COMMANDS {
        @Override
        Installation installation(String prefix, String bootstrapServers, ArtifactStore store) {
            return CLOSED_FORM.installation(prefix, bootstrapServers, store);
        }

        @Override
        void produce(Installation to, int samples) {
            Adaptations.sendThreeLanes(to, samples / 3, this::send);
            for (int i = 0; i < FEW; i++) {
                to.sample(to.domain(1, 0), Adaptations.sentence(i), SPELLED);
                to.sample(to.domain(1, 0), Adaptations.sentence(FEW + i), UNWANTED);
            }
            List<Long> unwanted = newest(to);
            to.train();
            order(to, to.domain(0, 0), Action.PAUSE, List.of());
            order(to, to.domain(0, 1), Action.RETRAIN, List.of());
            String forgetful = to.domain(1, 0);
            List<Long> first = to.sent().stream()
                    .filter(sent ->
                            sent.valid() && new String(sent.record().key(), StandardCharsets.UTF_8).equals(forgetful))
                    .map(Installation.Sent::offset)
                    .limit(2)
                    .toList();
            order(to, forgetful, Action.FORGET, first);
            to.command(new Command(to.lane(forgetful), Action.MERGE, other(to), "Ada", "a test", Instant.EPOCH));
            order(to, forgetful, Action.PIN, List.of());
            change(to, Action.MERGE_LABEL, SPELLED, "bad", List.of());
            change(to, Action.REMOVE_LABEL, UNWANTED, "", List.of());
            change(to, Action.REMOVE_LABEL, UNWANTED, "", unwanted);
            Adaptations.sendThreeLanes(to, samples - samples / 3, this::send);
            // With either name it is the same class by now or soon, unless the command comes last.
            change(to, Action.RESTORE_LABEL, SPELLED, "", List.of());
        }

        /** Returns the offsets of every second one of the newest samples, which are those of the class that is removed. */
        private static List<Long> newest(Installation of) {
            List<Installation.Sent> sent = of.sent();
            return IntStream.range(0, FEW)
                    .mapToObj(i -> sent.get(sent.size() - 1 - 2 * i).offset())
                    .sorted()
                    .toList();
        }

        /** Orders a change of a class in the lane that forgets. */
        private void change(Installation to, Action action, String label, String into, List<Long> offsets) {
            to.command(new Command(
                    to.lane(to.domain(1, 0)), action, null, "Ada", "", Instant.EPOCH, "", offsets, label, into));
        }

        /** Returns the first version of the lane that is paused, which is on another partition. */
        private VersionRef other(Installation of) {
            return of.versions().stream()
                    .map(ModelVersion::ref)
                    .filter(ref -> ref.lane().equals(of.lane(of.domain(0, 0))))
                    .findFirst()
                    .orElseThrow();
        }

        private void order(Installation to, String domain, Action action, List<Long> offsets) {
            to.command(new Command(
                    to.lane(domain),
                    action,
                    null,
                    "Ada",
                    "a test",
                    Instant.EPOCH,
                    offsets.isEmpty() ? "" : "id",
                    offsets));
        }

        /** Commands and samples are on different topics, so that the samples before a command are not always the same. */
        @Override
        void requireSame(Installation installation, History killed, History undisturbed) {
            String anew = installation.domain(0, 1);
            int versions = (int) killed.versions(anew).stream()
                    .skip(1)
                    .filter(version -> version.lineage().parent() == null)
                    .count();
            // The command may have come after the last sample.
            assertThat(versions + (newest(killed, anew).restart() == null ? 0 : 1))
                    .isEqualTo(1);
            killed.requireExactlyOnce(versions);
            assertThat(newest(killed, installation.domain(0, 0)).pause()).isNotNull();
            String forgetful = installation.domain(1, 0);
            assertThat(forgotten(killed, forgetful)).hasSize(2).isEqualTo(forgotten(undisturbed, forgetful));
            assertThat(killed.versions(forgetful).stream()
                            .map(version -> version.lineage().merged())
                            .filter(Objects::nonNull))
                    .containsExactly(new MergedVersion(other(installation), null));
            assertThat(killed.versions(forgetful).stream()
                            .map(version -> version.lineage().relabelled())
                            .filter(Objects::nonNull)
                            .map(LabelEdit::action))
                    .containsExactly(
                            Action.MERGE_LABEL, Action.REMOVE_LABEL, Action.REMOVE_LABEL, Action.RESTORE_LABEL);
            assertThat(killed.rows(forgetful, SPELLED)).isZero();
            assertThat(killed.rows(forgetful, UNWANTED)).isZero();
            assertThat(killed.sums(forgetful).digest())
                    .isEqualTo(undisturbed.sums(forgetful).digest());
            assertThat(killed.decisions(forgetful))
                    .filteredOn(serving -> serving.decidedBy() == DecidedBy.PERSON)
                    .hasSize(1);
        }

        private static final String SPELLED = "baad";
        private static final String UNWANTED = "test";
        private static final int FEW = 5;

        private static TrainerState newest(History history, String domain) {
            List<TrainerState> states = history.states(domain);
            return states.get(states.size() - 1);
        }

        private static List<Long> forgotten(History history, String domain) {
            return history.versions(domain).stream()
                    .flatMap(version -> version.lineage().forgotten().stream())
                    .map(ForgottenSample::offset)
                    .toList();
        }
    };

    private static final int DRIFTING_SAMPLES = 1200;

    /** Gradients from the first sample on, so that something is remembered long before the kill. */
    private static AdaptationConfig remembering(Method method) {
        AdaptationConfig heavy = Adaptations.heavy();
        RememberConfig remember = new RememberConfig(method, method == Method.EWC ? 300 : 0.3);
        return heavy.withTraining(heavy.training().withGradients(GradientConfig.PLAIN.withRemember(remember)));
    }

    private static StrategyConfig strategy(Strategy strategy, PhaseBy by, TopParameters parameters) {
        TopConfig top = new TopConfig(parameters, 2, 4, 0.2);
        return new StrategyConfig(StrategyConfig.AUTO, strategy, 2, by, 4, top);
    }

    AdaptationConfig config(AdaptationConfig heavy) {
        return heavy;
    }

    /** Sends {@code samples} samples to three lanes, and commands for them if there are any. */
    void produce(Installation to, int samples) {
        Adaptations.sendThreeLanes(to, samples, this::send);
    }

    /** Requires that a trainer that was killed ended as one that was not. */
    void requireSame(Installation installation, History killed, History undisturbed) {
        killed.requireExactlyOnce();
        assertThat(killed.digests()).isEqualTo(undisturbed.digests());
    }

    /** Sends the {@code i}-th sample. */
    void send(Installation to, String domain, int i) {
        Adaptations.send(to, domain, i);
    }

    /** Returns an installation with this training strategy. */
    Installation installation(String prefix, String bootstrapServers, ArtifactStore store) {
        try {
            BaseModelManifest base = TestModels.text(Files.createTempDirectory("model"));
            return Installation.of(config(Adaptations.heavy()), bootstrapServers, prefix, store)
                    .divided(base);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
