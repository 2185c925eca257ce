package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.FeaturesConfig;
import io.headwater.config.FeaturesConfig.Precision;
import io.headwater.config.HeadwaterConfig.ProcessRole;
import io.headwater.config.TaskKind;
import io.headwater.domain.Digest;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.runtime.OnnxSession;
import io.headwater.ops.source.AdaptationSource;
import io.headwater.role.Role;
import io.headwater.role.RoleState;
import io.headwater.task.Featurizer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the built-in encoder; no broker is reached. */
class AdaptationRuntimeTest {
    private static final AdaptationConfig EXACT =
            AdaptationConfig.of("reviews", TaskKind.TEXT_CLASSIFICATION, "minilm");
    private static final AdaptationConfig HALF = EXACT.withFeatures(new FeaturesConfig(Precision.FLOAT16));
    private static final Payload TEXT = new Payload.Text("a river begins somewhere");

    @TempDir
    Path folder;

    @Test
    void shouldHandOutTheSameFeaturesComputedAndCached() throws Exception {
        for (AdaptationConfig adaptation : List.of(EXACT, HALF)) {
            float[] computed;
            try (AdaptationRuntime runtime = open(adaptation)) {
                computed = features(runtime);

                assertThat(features(runtime)).containsExactly(computed);
                assertThat(runtime.cache().memoryHits()).isEqualTo(1);
            }
            try (AdaptationRuntime next = open(adaptation)) {
                assertThat(features(next)).containsExactly(computed);
                assertThat(next.cache().fileHits()).isEqualTo(1);
            }
        }
    }

    @Test
    void shouldShareTheBaseModelAndTheFeaturesOfAdaptationsThatAreTheSameBelowTheirHeads() throws Exception {
        // Given
        int before = OnnxSession.count();
        SharedResources shared = new SharedResources(settings());
        AdaptationConfig other = AdaptationConfig.of("others", TaskKind.MULTI_LABEL_CLASSIFICATION, "minilm")
                .withLabels(List.of("a", "b"));

        // When
        try (AdaptationRuntime first = AdaptationRuntime.open(EXACT, shared)) {
            float[] computed = features(first);
            try (AdaptationRuntime second = AdaptationRuntime.open(other, shared);
                    AdaptationRuntime half = AdaptationRuntime.open(HALF, shared)) {

                // Then
                assertThat(OnnxSession.count()).isEqualTo(before + 1);
                assertThat(second.cache()).isSameAs(first.cache());
                assertThat(features(second)).isSameAs(computed);
                assertThat(half.cache()).isNotSameAs(first.cache());
                assertThat(features(half)).isNotEqualTo(computed);
            }
            assertThat(features(first)).isSameAs(computed);
            assertThat(OnnxSession.count()).isEqualTo(before + 1);
        }
        assertThat(OnnxSession.count()).isEqualTo(before);
    }

    @Test
    void shouldNameFeaturesOfHalfPrecisionInTheLineage() throws Exception {
        try (AdaptationRuntime exact = open(EXACT);
                AdaptationRuntime half = open(HALF)) {
            Digest name = half.baseModel();
            float[] rounded = features(half);
            float[] full = features(exact);

            assertThat(name).isNotEqualTo(exact.baseModel());
            assertThat(rounded).isNotEqualTo(full);
            for (int i = 0; i < full.length; i++) {
                assertThat(Math.abs(rounded[i] - full[i])).isLessThanOrEqualTo(Math.abs(full[i]) / 2048 + 0x1p-25f);
            }
        }
    }

    @Test
    void shouldSayWhatEachPartComputesOn() throws Exception {
        try (AdaptationRuntime runtime = open(EXACT)) {
            assertThat(StartLine.of(Set.of(ProcessRole.TRAINER), runtime, settings(), List.of()))
                    .contains(
                            "backbone=onnxruntime backbone.device=cpu ",
                            " backbone.threads=1 head=nd4j head.backend=CpuBackend head.device=cpu head.threads=",
                            " features.file=true ",
                            " onnxruntime.threads=1 ");
            assertThat(runtime.environment()).containsEntry("nd4j.device", "cpu");
        }
    }

    /** A process that only joins labels needs no memory for a base model. */
    @Test
    void shouldNotLoadTheBaseModelForTheRoleThatComputesNothing() throws Exception {
        int before = OnnxSession.count();
        SharedResources shared = new SharedResources(settings());
        RoleMetrics metrics = new RoleMetrics(new SimpleMeterRegistry());
        AdaptationSource source = new AdaptationSource(
                folder.resolve("some.yaml"), Digest.of(new byte[0]), Optional.of(EXACT), List.of());
        Adaptations alone = new Adaptations(shared, new SimpleMeterRegistry(), Set.of(ProcessRole.STREAMS), false);
        try (AdaptationRuntime runtime = alone.open(source)) {
            assertThat(runtime.role(ProcessRole.STREAMS, metrics).name()).isEqualTo("streams");
            assertThat(StartLine.of(Set.of(ProcessRole.STREAMS), runtime, settings(), List.of()))
                    .contains(" base=minilm prefix=");
            assertThat(runtime.hasModel()).isFalse();
            assertThat(OnnxSession.count()).isEqualTo(before);
        }
        assertThat(OnnxSession.count()).isEqualTo(before);
    }

    @Test
    void shouldMakeEachRoleUnderTheNameOfItsSetting() throws Exception {
        RoleMetrics metrics = new RoleMetrics(new SimpleMeterRegistry());
        try (AdaptationRuntime runtime = open(EXACT)) {
            for (ProcessRole name : ProcessRole.values()) {
                if (!name.isOfAdaptation()) {
                    continue;
                }
                Role role = runtime.role(name, metrics);

                assertThat(role.name()).isEqualTo(name.name().toLowerCase(Locale.ROOT));
                assertThat(role.state()).isEqualTo(RoleState.STARTING);
            }
        }
    }

    private AdaptationRuntime open(AdaptationConfig adaptation) {
        return AdaptationRuntime.open(adaptation, settings());
    }

    private RuntimeSettings settings() {
        return RuntimeSettings.of(TestSettings.of(Map.of(
                "headwater.store", folder.resolve("artifacts").toString(),
                "headwater.cache.folder", folder.resolve("features").toString(),
                "headwater.cache.file-bytes", "1048576")));
    }

    private static float[] features(AdaptationRuntime runtime) {
        Featurizer featurizer = runtime.featurizer();
        Outcome<float[]> features = featurizer
                .view(TEXT)
                .then(view -> featurizer.features(List.of(view)).get(0));
        return ((Outcome.Ok<float[]>) features).value();
    }
}
