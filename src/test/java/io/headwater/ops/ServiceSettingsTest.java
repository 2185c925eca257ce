package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.HeadwaterConfig;
import io.headwater.domain.Lane;
import io.headwater.online.Shadow;
import io.headwater.streams.StreamsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceSettingsTest {
    @ParameterizedTest
    @CsvSource({
        "streams.threads, 0, 1 to 64",
        "streams.threads, 65, 1 to 64",
        "streams.standbys, -1, 0 to 10",
        "streams.standbys, 11, 0 to 10",
        "labels.wait, 999ms, 1s to 3650d",
        "labels.wait, 3651d, 1s to 3650d",
        "labels.early, PT0S, 1s to 3650d",
        "labels.early, -PT1H, 1s to 3650d",
        "labels.window, PT0.5S, 1s to 3650d",
        "labels.window, PT2562047788015215H, 1s to 3650d",
        "preparation-timeout, PT0.1S, at least 1s",
        "progress-timeout, PT1S, at least five times",
        "adaptation-interval, PT0.01S, at least 100ms",
        "featurizer.bytes, 1048575, at least 1048576",
        "api.queue, 63, 64 to",
        "api.max-body-bytes, 1023, 1024 to",
        "api.max-bytes, 1024, at least headwater.api.max-body-bytes",
        "api.deadline, PT0.099S, 100ms to 1h",
        "api.wait, PT0.009S, 10ms to 1h",
        "api.wait, PT1H0.001S, 10ms to 1h",
        "api.deadline, PT1H0.001S, 100ms to 1h",
        "api.deadline, PT2562047788015215H, 100ms to 1h",
        "api.max-model-staleness, -PT1S, 0 or longer",
        "api.required-lanes, bike-shop, ADAPTATION/DOMAIN",
        "http.hosts, https://models.example, without scheme and port",
        "http.hosts, models.example:8080, without scheme and port"
    })
    void shouldNameTheSettingItsRuleAndItsValue(String key, String value, String rule) {
        assertThat(ServiceSettings.faults(TestSettings.of(Map.of("headwater." + key, value))))
                .singleElement()
                .asString()
                .startsWith("headwater." + key + " must be ")
                .contains(
                        rule, "; set HEADWATER_" + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "reviews/shop@3:0.1                    | false | must be used with headwater.api.log-requests=true",
                "reviews/shop@3                        | true  | must be challengers as ADAPTATION/DOMAIN@VERSION:SHARE",
                "reviews/shop@0:0.1                    | true  | with a version from 1",
                "reviews/shop@3:1.5                    | true  | share above 0 and up to 1",
                "reviews/shop@3:0.1,reviews/shop@4:0.1 | true  | must name each lane at most once, but is 'reviews/shop@4:0.1'"
            })
    void shouldTakeChallengersOnlyWhereTheirAnswersCanBeScored(String shadows, boolean logs, String rule) {
        assertThat(ServiceSettings.faults(TestSettings.of(Map.of(
                        "headwater.api.shadows", shadows, "headwater.api.log-requests", Boolean.toString(logs)))))
                .singleElement()
                .asString()
                .startsWith("headwater.api.shadows must ")
                .contains(rule, "; set HEADWATER_API_SHADOWS");
    }

    @Test
    void shouldGiveTheApiItsChallengers() {
        HeadwaterConfig config = TestSettings.of(Map.of(
                "headwater.api.shadows", "reviews/shop@3:0.1,reviews/café@12:1",
                "headwater.api.log-requests", "true"));

        assertThat(ServiceSettings.faults(config)).isEmpty();
        assertThat(RuntimeSettings.of(config).online().shadows())
                .containsExactly(
                        new Shadow(new Lane("reviews", "shop"), 3, 0.1),
                        new Shadow(new Lane("reviews", "café"), 12, 1));
    }

    @Test
    void shouldBoundTheNumberOfChallengers() {
        String many = IntStream.rangeClosed(0, Shadow.MOST)
                .mapToObj(i -> "reviews/shop " + i + "@1:1")
                .collect(Collectors.joining(","));

        assertThat(ServiceSettings.faults(
                        TestSettings.of(Map.of("headwater.api.shadows", many, "headwater.api.log-requests", "true"))))
                .singleElement()
                .asString()
                .startsWith("headwater.api.shadows must have at most 16 challengers");
    }

    @ParameterizedTest
    @CsvSource({"PT0S, false", "PT0.001S, true", "PT15S, true", "PT15.001S, false", "PT2562047788015215H, false"})
    void shouldHoldTheWaitForFeaturesToThePreparationTimeoutWhereTheyAreUsed(String wait, boolean taken) {
        Map<String, String> unused = Map.of("headwater.featurizer.wait", wait);
        Map<String, String> used = Map.of("headwater.featurizer.wait", wait, "headwater.featurizer.use", "true");

        assertThat(ServiceSettings.faults(TestSettings.of(unused))).isEmpty();
        assertThat(ServiceSettings.faults(TestSettings.of(used)))
                .hasSize(taken ? 0 : 1)
                .allMatch(
                        fault -> fault.startsWith("headwater.featurizer.wait must be at least 1ms, and at most half"));
    }

    @Test
    void shouldNameAllFaultsAtOnce(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder");

        assertThat(ServiceSettings.faults(TestSettings.of(Map.of(
                        "headwater.streams.folder", file.toString(),
                        "headwater.streams.threads", "0",
                        "headwater.labels.early", "0s"))))
                .hasSize(3)
                .anyMatch(
                        fault -> fault.startsWith("headwater.streams.folder must be a folder, but is '" + file + "'"));
    }

    @ParameterizedTest
    @CsvSource({"1s, 1, 0", "3650d, 64, 10"})
    void shouldTakeTheEndsOfTheRanges(String time, int threads, int standbys) {
        HeadwaterConfig config = TestSettings.of(Map.of(
                "headwater.labels.wait", time,
                "headwater.labels.early", time,
                "headwater.labels.window", time,
                "headwater.streams.threads", Integer.toString(threads),
                "headwater.streams.standbys", Integer.toString(standbys)));

        assertThat(ServiceSettings.faults(config)).isEmpty();
    }

    @Test
    void shouldGiveTheRoleItsSettings(@TempDir Path folder) {
        HeadwaterConfig config = TestSettings.of(Map.of(
                "headwater.instance", "left",
                "headwater.streams.folder", folder.toString(),
                "headwater.streams.threads", "3",
                "headwater.streams.standbys", "1",
                "headwater.labels.wait", "2d",
                "headwater.labels.early", "10m",
                "headwater.labels.window", "30m"));

        assertThat(RuntimeSettings.of(config).streams())
                .isEqualTo(new StreamsSettings(
                        folder.resolve("left"),
                        3,
                        1,
                        Duration.ofDays(2),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(30)));
    }

    @Test
    void shouldHaveTheDefaultsThatAreDocumented() {
        HeadwaterConfig config = TestSettings.of(Map.of());

        assertThat(ServiceSettings.faults(config)).isEmpty();
        StreamsSettings settings = RuntimeSettings.of(config).streams();
        assertThat(settings).isEqualTo(StreamsSettings.in(settings.folder()));
    }
}
