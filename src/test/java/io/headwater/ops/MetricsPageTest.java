package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.adapt.SampleScores;
import io.headwater.adapt.StepReport;
import io.headwater.domain.Digest;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.DriftSignal.Level;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Evaluation.Kind;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.VersionRef;
import io.headwater.engine.RunTimes;
import io.headwater.engine.cache.FeatureMemory;
import io.headwater.engine.device.Devices;
import io.headwater.streams.JoinEvent;
import io.headwater.task.ScoredPrediction;
import io.headwater.trainer.Backlog;
import io.headwater.trainer.PartitionCheckpoint;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the list of metrics in {@code docs/operations.md} to what is scraped. */
class MetricsPageTest {
    private static final Lane LANE = new Lane("reviews", "shop");
    private static final FeatureMemory FEATURES = new FeatureMemory(0); // the registry holds it weakly
    private static final RunTimes BACKBONE = new RunTimes();
    private static final Digest DIGEST = Digest.of(new byte[0]);
    private static final Pattern SCRAPED = Pattern.compile("(?m)^(headwater_[a-z_]+)");
    private static final Pattern DESCRIBED = Pattern.compile("`(headwater_[a-z_]+)`");

    @Test
    void shouldListEveryMetric() throws IOException {
        // Given
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

        // When
        ProcessMetrics.watch(registry, FEATURES);
        ProcessMetrics.watch(registry, () -> 1, () -> 0);
        everythingHappens(new RoleMetrics(registry));

        // Then
        assertThat(names(DESCRIBED, Files.readString(Path.of("docs/operations.md"))))
                .containsExactlyInAnyOrderElementsOf(names(SCRAPED, registry.scrape()));
    }

    @Test
    void shouldHaveHelpForEveryMetricAndCountFromTheStart() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        RoleMetrics metrics = new RoleMetrics(registry);

        assertThat(registry.scrape())
                .contains("headwater_trainer_records_total 0.0", "headwater_recoveries_total 0.0")
                .contains("headwater_dead_letters_total{reason=\"BAD_LABEL\",} 0.0");

        ProcessMetrics.watch(registry, FEATURES);
        ProcessMetrics.watch(registry, () -> 1, () -> 0);
        everythingHappens(metrics);
        assertThat(registry.scrape().lines().filter(line -> line.startsWith("# HELP headwater_")))
                .isNotEmpty()
                .noneMatch(line -> line.strip().split(" ").length < 4);
    }

    @Test
    void shouldBoundTheNumberOfLanesWithMetrics() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        RoleMetrics metrics = new RoleMetrics(registry);
        for (int i = 0; i < 3 * RoleMetrics.MOST_LANES; i++) {
            Lane lane = new Lane("reviews", "shop-" + i);
            metrics.stepped(lane, new StepReport(List.of(), 0.5));
            metrics.withdrawn(lane);
        }

        String scraped = registry.scrape();
        assertThat(scraped.lines().filter(line -> line.startsWith("headwater_trainer_steps_total")))
                .hasSize(RoleMetrics.MOST_LANES + 1)
                .contains("headwater_trainer_steps_total{lane=\"other\",} " + 2.0 * RoleMetrics.MOST_LANES);
        assertThat(scraped.lines().filter(line -> line.startsWith("headwater_serving_version")))
                .hasSize(RoleMetrics.MOST_LANES);
    }

    @Test
    void shouldBoundTheLanesOfAllAdaptationsOfAProcessTogether() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        AtomicInteger places = RoleMetrics.places();
        RoleMetrics many = new RoleMetrics(registry, "many", places);
        RoleMetrics few = new RoleMetrics(registry, "few", places);
        stepEach(many, "many", RoleMetrics.MOST_LANES + 1);
        stepEach(few, "few", RoleMetrics.ASSURED_LANES + 3);

        assertThat(steps(registry, "many")).hasSize(RoleMetrics.MOST_LANES + 1);
        assertThat(steps(registry, "few"))
                .hasSize(RoleMetrics.ASSURED_LANES + 1)
                .contains("headwater_trainer_steps_total{adaptation=\"few\",lane=\"other\",} 3.0");

        many.close();
        stepEach(few, "few", RoleMetrics.ASSURED_LANES + 3);
        assertThat(steps(registry, "few")).hasSize(RoleMetrics.ASSURED_LANES + 3 + 1);
    }

    private static void stepEach(RoleMetrics metrics, String adaptation, int lanes) {
        for (int i = 0; i < lanes; i++) {
            metrics.stepped(new Lane(adaptation, "shop-" + i), new StepReport(List.of(), 0.5));
        }
    }

    private static List<String> steps(PrometheusMeterRegistry registry, String adaptation) {
        return registry.scrape()
                .lines()
                .filter(line -> line.startsWith("headwater_trainer_steps_total{adaptation=\"" + adaptation + "\""))
                .toList();
    }

    @Test
    void shouldNameTheAdaptationWhereThereMayBeSeveralAndForgetOneThatEnds() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        AtomicInteger places = RoleMetrics.places();
        RoleMetrics reviews = new RoleMetrics(registry, "reviews", places);
        RoleMetrics others = new RoleMetrics(registry, "others", places);
        everythingHappens(reviews);
        everythingHappens(others);

        assertThat(registry.scrape().lines().filter(line -> line.startsWith("headwater_")))
                .isNotEmpty()
                .allMatch(line -> line.contains("adaptation=\"reviews\"") || line.contains("adaptation=\"others\""));
        others.close();
        assertThat(registry.scrape())
                .contains("headwater_trainer_records_total{adaptation=\"reviews\",} 1.0")
                .doesNotContain("adaptation=\"others\"");
    }

    @Test
    void shouldShowGaugesOfALaneOnlyWhileTheLaneIsHere() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        RoleMetrics metrics = new RoleMetrics(registry);
        VersionRef ref = new VersionRef(LANE, 7, DIGEST, DIGEST);
        Serving serving = new Serving(ref, null, DecidedBy.GATE, "first", false, Instant.EPOCH);

        metrics.restored(LANE, serving);
        metrics.swapped(LANE, serving);
        assertThat(registry.scrape())
                .contains(
                        "headwater_serving_version{lane=\"reviews/shop\",} 7.0",
                        "headwater_predictor_version{lane=\"reviews/shop\",} 7.0");

        metrics.asked(LANE, 1, 9);
        assertThat(registry.scrape()).contains("headwater_predictor_asks_left{lane=\"reviews/shop\",} 9.0");

        metrics.released(LANE);
        metrics.gone(LANE);
        metrics.asksNoLonger(LANE);
        assertThat(registry.scrape())
                .doesNotContain(
                        "headwater_serving_version{", "headwater_predictor_version{", "headwater_predictor_asks_left{");

        metrics.restored(LANE, serving);
        assertThat(registry.scrape()).contains("headwater_serving_version{lane=\"reviews/shop\",} 7.0");
    }

    @Test
    void shouldShowTheLagOfAPartitionOnlyWhileItIsAssigned() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        RoleMetrics metrics = new RoleMetrics(registry);
        String partition = "{adaptation=\"reviews\",partition=\"3\",}";

        metrics.behind(new Backlog("reviews", 3, 5, Instant.EPOCH));
        assertThat(registry.scrape())
                .contains("headwater_trainer_lag_samples" + partition + " 5.0")
                .contains("headwater_trainer_lag_seconds" + partition);
        metrics.behind(new Backlog("reviews", 3, 0, null));
        assertThat(registry.scrape())
                .contains("headwater_trainer_lag_samples" + partition + " 0.0")
                .contains("headwater_trainer_lag_seconds" + partition + " 0.0");

        metrics.unassigned("reviews", 3);
        assertThat(registry.scrape()).doesNotContain("headwater_trainer_lag");
    }

    private static final Label GOOD = new Label.ClassLabel("good");

    private static void everythingHappens(RoleMetrics metrics) {
        VersionRef ref = new VersionRef(LANE, 1, DIGEST, DIGEST);
        Lineage lineage = new Lineage(null, 0, 0, 1, List.of(1), DIGEST, DIGEST);
        ModelVersion version = new ModelVersion(ref, lineage, List.of("good"), 1, Instant.EPOCH, Map.of());
        Serving serving = new Serving(ref, null, DecidedBy.GATE, "first", false, Instant.EPOCH);
        metrics.watch(Devices.CPU);
        BACKBONE.add(4, System.nanoTime());
        metrics.watch(BACKBONE);
        metrics.polled(1);
        metrics.rejected(new Rejection(Reason.TOMBSTONE, "no value"));
        List<SampleScores> scores =
                List.of(new SampleScores(0, GOOD, new ScoredPrediction(GOOD, GOOD, Map.of(), 1), null));
        metrics.stepped(LANE, new StepReport(scores, 0.5));
        metrics.skipped(LANE, scores);
        metrics.unlabelled(LANE);
        metrics.committed(new PartitionCheckpoint(
                0,
                1,
                -1,
                List.of(version),
                Map.of(LANE, serving),
                List.of(),
                List.of(),
                List.of(
                        evaluation(Kind.ROLLED_BACK),
                        evaluation(Kind.STALLED),
                        evaluation(Kind.VETOED),
                        evaluation(Kind.LOST)),
                List.of(new DriftSignal(LANE, "adwin", Level.DRIFT, "championError", 0.2, 0.1, 1, Instant.EPOCH)),
                List.of()));
        metrics.behind(new Backlog("reviews", 3, 5, Instant.EPOCH));
        metrics.foreign("headwater.serving");
        metrics.swapped(LANE, serving);
        metrics.answered(1);
        metrics.happened(JoinEvent.JOINED);
        metrics.labelled(Duration.ofMinutes(2));
        metrics.asked(LANE, 1, 9);
        metrics.recovering(new IOException("broker lost"));
    }

    private static Evaluation evaluation(Kind kind) {
        return new Evaluation(LANE, kind, 1L, null, 0, 1, 1, Map.of(), "a reason", Instant.EPOCH);
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }
}
