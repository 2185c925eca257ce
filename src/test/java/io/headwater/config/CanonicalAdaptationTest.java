package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.HeadConfig.OutputLayerChoice;
import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.PromotionConfig.NewDomains;
import io.headwater.config.ReinforcementConfig.Algorithm;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TopConfig.BatchStatistics;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.config.key.KeyText;
import io.headwater.domain.Lane;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CanonicalAdaptationTest {

    @Property(tries = 300)
    void shouldComeBackEqualFromItsCanonicalText(@ForAll("configurations") AdaptationConfig config) {
        String text = AdaptationFile.canonical(config);

        assertThat(AdaptationFile.parseCanonical(text)).isEqualTo(config);
        assertThat(AdaptationFile.canonical(AdaptationFile.parseCanonical(text)))
                .isEqualTo(text);
    }

    /** Digests of this text are in the lineage of published versions: it may gain keys, but never change otherwise. */
    @Test
    void shouldKeepTheTextOfTheDefaults() {
        AdaptationConfig config = AdaptationConfig.of("reviews", TaskKind.TEXT_CLASSIFICATION, "minilm");

        assertThat(AdaptationFile.canonical(config)).isEqualTo("""
                        {"asks":{"floor":0.2,"per-day":0,"share":0.0,"strategy":"entropy"},
                        "base":"minilm",
                        "checkpoint":{"interval":"PT0.5S","linger":"PT0.1S","steps":50},
                        "cut":"auto",
                        "drift":{"cooldown":256,"detectors":["adwin"],"features":"none","on-drift":"contend",
                        "on-warning":"contend"},
                        "features":{"precision":"float32"},
                        "guard":{"every":8,"samples":64},
                        "head":{"beam-width":1,"hidden":0,"learns":"auto","operations":500,"output-layer":"new"},
                        "labels":[],
                        "limits":{"audio-bytes":8388608,"audio-seconds":60,"classes":1000,"image-bytes":8388608,
                        "image-pixels":25000000,"lanes":10000,"lanes-per-minute":10000,"text-bytes":65536},
                        "name":"reviews",
                        "optimiser":{"clip-norm":0.0,"l2-sp":0.0,"layer-decay":1.0,"momentum":0.9,
                        "schedule":"constant","schedule-steps":1000,"top-rate":0.1,"updater":"adam","warm-up-steps":0,
                        "weight-decay":0.0},
                        "promotion":{"error-level":0.05,"mode":"rule","new-domains":"source","smallest-effect":0.0,"stalled-after":2000},
                        "reinforcement":{"algorithm":"double-dqn","discount":0.99,"huber-delta":1.0,"n-step":1,
                        "target-steps":200},
                        "replay":{"capacity":2000,"per-step":112},
                        "source":null,
                        "task":"text-classification",
                        "training":{"averaged-steps":128,"batch-norm":"keep","batch-size":16,"class-weights":"none",
                        "dropout":0.0,"feature-scaling":"running","label-smoothing":0.0,"learning-rate":0.003,
                        "lora-alpha":16.0,"lora-rank":8,"parameters":"all","phase-by":"steps","phase-steps":100,
                        "remember":"replay","remember-strength":0.1,
                        "scalar-mix":[],"seed":1,"steps":8,"strategy":"linear-probe","unfreeze":0,"unlabelled":"ignore",
                        "warm-start":128},
                        "uncertainty":{"abstain-cost":null,"coverage":0.9}}""".replace("\n", ""));
    }

    @Test
    void shouldReadTheTextOfAFormerRelease() {
        String former = """
                {"anchor":{"every":4,"samples":32},"base":"minilm","name":"reviews",
                "promotion":{"anchor-drop":0.05,"margin":0.02,"minimum-samples":8},"task":"text-classification"}""";

        assertThat(AdaptationFile.parseCanonical(former))
                .isEqualTo(AdaptationConfig.of("reviews", TaskKind.TEXT_CLASSIFICATION, "minilm")
                        .withGuard(new GuardConfig(32, 4)));
    }

    @Test
    void shouldReadTheCanonicalTextOfALongList() {
        String labels = IntStream.range(0, 20_000)
                .mapToObj(i -> "é".repeat(90) + i)
                .collect(Collectors.joining("\n- ", "\n- ", "\n"));
        AdaptationConfig config = AdaptationFile.parse(
                "long", "name: a\ntask: text-classification\nbase: b\nlimits.classes: 20000\nlabels:" + labels);

        assertThat(AdaptationFile.parseCanonical(AdaptationFile.canonical(config)))
                .isEqualTo(config);
    }

    /** {@code Double.toString(2e-3)} is "0.0020" before JDK 19. */
    @Test
    void shouldWriteTheShortestDecimal() {
        AdaptationConfig config = AdaptationFile.parse(
                "x", "name: a\ntask: text-classification\nbase: b\ntraining: {learning-rate: 0.002}");

        assertThat(AdaptationFile.canonical(config)).contains("\"learning-rate\":0.002,");
    }

    @Provide
    Arbitrary<AdaptationConfig> configurations() {
        Arbitrary<String> names = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .withChars("._-")
                .ofMinLength(1)
                .ofMaxLength(100);
        Arbitrary<String> texts = Arbitraries.strings()
                .all()
                .ofMinLength(1)
                .ofMaxLength(20)
                .filter(text -> KeyText.isPrintable(text, 200));
        Arbitrary<List<String>> labels =
                texts.list().uniqueElements().ofMaxSize(9).map(list -> list.size() == 1 ? List.<String>of() : list);
        Arbitrary<String> sources = texts.filter(Lane::isDomain).injectNull(0.3);
        Arbitrary<AdaptationConfig> heads = Combinators.combine(
                        names,
                        Arbitraries.of(TaskKind.class),
                        texts,
                        labels,
                        sources,
                        whole(0, 8192),
                        Arbitraries.of(OutputLayerChoice.class))
                .as((name, task, base, list, source, hidden, layer) -> AdaptationConfig.of(name, task, base)
                        .withLabels(list)
                        .withSource(source)
                        .withHead(list.isEmpty() ? new HeadConfig(hidden) : head(hidden, layer)));
        Arbitrary<AdaptationConfig> tops = Combinators.combine(
                        heads, strategies(), optimisers(), drifts(), Arbitraries.of(FeaturesConfig.Precision.class))
                .as((head, strategy, optimiser, drift, precision) -> head.withStrategy(strategy)
                        .withOptimiser(optimiser)
                        .withDrift(drift)
                        .withFeatures(new FeaturesConfig(precision)));
        return Combinators.combine(
                        tops, trainings(), reinforcements(), replays(), checkpoints(), guards(), promotions(), limits())
                .as((head, training, reinforcement, replay, checkpoint, guard, promotion, limit) -> {
                    boolean isPolicy = head.task() == TaskKind.REINFORCEMENT_LEARNING;
                    ReinforcementConfig learning = isPolicy ? reinforcement : ReinforcementConfig.DEFAULT;
                    boolean isQLearning = isPolicy && learning.algorithm() == Algorithm.DOUBLE_DQN;
                    return head.withTraining(training)
                            .withReinforcement(learning)
                            .withReplay(replay)
                            .withCheckpoint(checkpoint)
                            .withGuard(isQLearning ? new GuardConfig(0, guard.every()) : guard)
                            .withPromotion(promotion)
                            .withUncertainty(uncertainty(head.task(), promotion))
                            .withLimits(limit);
                });
    }

    private static UncertaintyConfig uncertainty(TaskKind task, PromotionConfig drawn) {
        boolean abstains = task.hasRegions() && drawn.smallestEffect() < 0.5;
        return new UncertaintyConfig(drawn.errorLevel(), abstains ? drawn.smallestEffect() : null);
    }

    private static HeadConfig head(int hidden, OutputLayerChoice layer) {
        return new HeadConfig(layer == OutputLayerChoice.KEEP ? 0 : hidden, layer, 1 + hidden % 1000);
    }

    private static Arbitrary<TrainingConfig> trainings() {
        Arbitrary<Double> rates =
                Arbitraries.doubles().between(0, false, 1, true).ofScale(17);
        return Combinators.combine(
                        whole(1, 4096),
                        rates,
                        share().filter(value -> value < 1),
                        Arbitraries.of(ClassWeights.class),
                        Arbitraries.longs().filter(seed -> seed != 0))
                .as(TrainingConfig::new);
    }

    private static Arbitrary<ReinforcementConfig> reinforcements() {
        return Combinators.combine(
                        Arbitraries.of(Algorithm.class),
                        share(),
                        whole(1, 100),
                        whole(1, 1_000_000),
                        Arbitraries.doubles().between(0, false, 1_000_000, true).ofScale(9))
                .as(ReinforcementConfig::new);
    }

    private static Arbitrary<StrategyConfig> strategies() {
        Arbitrary<TopConfig> tops = Combinators.combine(
                        Arbitraries.of(TopParameters.class),
                        whole(1, 1024),
                        Arbitraries.doubles().between(0, false, 1_000_000, true).ofScale(9),
                        share().filter(value -> value < 1),
                        Arbitraries.of(List.<String>of(), List.of("/layer/5/Add", "é+ü"), List.of("[1", "no", "x: y")),
                        Arbitraries.of(BatchStatistics.class))
                .as(TopConfig::new);
        Arbitrary<StrategyConfig> byBlocks = Combinators.combine(
                        Arbitraries.of(Strategy.class),
                        whole(0, 1000),
                        Arbitraries.of(PhaseBy.class),
                        whole(1, 1_000_000),
                        tops)
                .as((any, unfreeze, by, steps, top) -> {
                    Strategy strategy = top.scalarMix().isEmpty() ? any : Strategy.LINEAR_PROBE;
                    int blocks = strategy == Strategy.LINEAR_PROBE ? 0 : unfreeze;
                    TopConfig allowed =
                            strategy == Strategy.LINEAR_PROBE ? top.withBatchNorm(BatchStatistics.KEEP) : top;
                    return new StrategyConfig(StrategyConfig.AUTO, strategy, blocks, by, steps, allowed);
                });
        Arbitrary<String> cuts = Arbitraries.of("auto", "/layer/5/Add", "a+b:0", "é+ü", "[1", "no");
        return Combinators.combine(byBlocks, cuts)
                .as((one, cut) -> one.unfreeze() > 0
                                || !one.top().scalarMix().isEmpty()
                                || one.strategy() == Strategy.LINEAR_PROBE && cut.contains("+")
                        ? one
                        : new StrategyConfig(cut, one.strategy(), 0, one.phaseBy(), one.phaseSteps(), one.top()));
    }

    private static Arbitrary<OptimiserConfig> optimisers() {
        return Combinators.combine(
                        Arbitraries.of(Updater.class),
                        Arbitraries.of(Schedule.class),
                        whole(1, 1_000_000),
                        whole(1, 1_000_000),
                        share().filter(value -> value < 1),
                        share(),
                        Arbitraries.doubles().between(0, 1_000_000).ofScale(9),
                        share().filter(value -> value > 0))
                .as((updater, schedule, warmUp, steps, momentum, decay, clip, layers) -> new OptimiserConfig(
                        updater,
                        momentum,
                        updater == Updater.ADAMW ? decay : 0,
                        schedule,
                        schedule == Schedule.CONSTANT ? 0 : warmUp,
                        steps,
                        clip,
                        layers,
                        layers,
                        decay));
    }

    private static Arbitrary<ReplayConfig> replays() {
        return Combinators.combine(whole(0, 100_000), whole(0, 4096)).as(ReplayConfig::new);
    }

    private static Arbitrary<CheckpointConfig> checkpoints() {
        Arbitrary<Duration> times = Arbitraries.longs()
                .between(1_000_000, Duration.ofHours(24).toNanos())
                .map(Duration::ofNanos);
        return Combinators.combine(whole(1, 1_000_000), times, times).as(CheckpointConfig::new);
    }

    private static Arbitrary<GuardConfig> guards() {
        return Combinators.combine(whole(0, 100_000), whole(2, 1000)).as(GuardConfig::new);
    }

    private static Arbitrary<PromotionConfig> promotions() {
        return Combinators.combine(
                        Arbitraries.of(PromotionConfig.Mode.class),
                        Arbitraries.doubles().between(0, false, 0.5, true).ofScale(17),
                        share().filter(value -> value < 1),
                        whole(64, 1_000_000))
                .as((mode, error, effect, stalled) ->
                        new PromotionConfig(mode, error, effect, stalled, NewDomains.SOURCE));
    }

    private static Arbitrary<DriftConfig> drifts() {
        return Combinators.combine(
                        Arbitraries.of(DriftConfig.Detector.class).list().uniqueElements(),
                        Arbitraries.of(DriftConfig.Features.class),
                        whole(0, 1_000_000),
                        Arbitraries.of(DriftConfig.Response.class),
                        Arbitraries.of(DriftConfig.Response.class))
                .as(DriftConfig::new);
    }

    private static Arbitrary<LimitsConfig> limits() {
        return Combinators.combine(
                        whole(1, 10 << 20),
                        whole(1, 64 << 20),
                        Arbitraries.longs().between(1, 100_000_000),
                        whole(1, 64 << 20),
                        whole(1, 600),
                        whole(10, 100_000),
                        whole(1, 1_000_000),
                        whole(1, 1_000_000))
                .as(LimitsConfig::new);
    }

    private static Arbitrary<Double> share() {
        return Arbitraries.doubles().between(0, 1).ofScale(17);
    }

    private static Arbitrary<Integer> whole(int minimum, int maximum) {
        return Arbitraries.integers().between(minimum, maximum);
    }
}
