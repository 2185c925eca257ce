package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.codec.RegistryAccess;
import io.headwater.codec.RegistrySetup;
import io.headwater.config.AdaptationFile;
import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadwaterConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrySetupTest {
    private static final String SECRET = "geheim-42";

    @TempDir
    private Path folder;

    @Test
    void shouldReadUserPasswordAndStrategy() {
        HeadwaterConfig config = TestSettings.of(Map.of(
                "headwater.registry.url", "https://registry",
                "headwater.registry.user", "ann",
                "headwater.registry.password", SECRET,
                "headwater.registry.subjects", "topic-record"));

        RegistryAccess access = RegistrySetup.access(config.registry()).orElseThrow();

        assertThat(RegistrySetup.faults(config.registry())).isEmpty();
        assertThat(access.user()).isEqualTo("ann");
        assertThat(access.password())
                .satisfies(password -> assertThat(password.read()).isEqualTo(SECRET));
        assertThat(access.naming()).isEqualTo(HeadwaterConfig.SubjectNaming.TOPIC_RECORD);
    }

    @Test
    void shouldNameEveryFaultOfTheSettings() throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), SECRET);
        HeadwaterConfig config = TestSettings.of(Map.of(
                "headwater.registry.url",
                "https://ann:" + SECRET + "@registry",
                "headwater.registry.password",
                SECRET,
                "headwater.registry.password-file",
                file.toString(),
                "headwater.registry.token",
                SECRET,
                "headwater.registry.token-file",
                file.toString(),
                "headwater.registry.truststore",
                folder.resolve("absent").toString(),
                "headwater.registry.keystore-password",
                SECRET));

        String faults = String.join("\n", ServiceSettings.faults(config));

        assertThat(faults)
                .contains("headwater.registry.url must begin with http", "set HEADWATER_REGISTRY_URL")
                .contains("headwater.registry.password must not be set together with password-file")
                .contains("headwater.registry.password needs a user")
                .contains("headwater.registry.token must not be set together with token-file")
                .contains("headwater.registry.truststore must be a file in PEM", "there is no such file")
                .contains("headwater.registry.keystore-password has no effect without headwater.registry.keystore")
                .contains("set HEADWATER_REGISTRY_KEYSTORE_PASSWORD")
                .doesNotContain(SECRET);
        assertThatThrownBy(() -> RegistrySetup.requireValid(config.registry(), "http://registry"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("token must not be set together", "truststore needs a url")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void shouldSayThatAUserHasNoEffectWithoutARegistry() {
        HeadwaterConfig config = TestSettings.of(Map.of("headwater.registry.user", "ann"));

        assertThat(RegistrySetup.faults(config.registry()))
                .singleElement()
                .asString()
                .startsWith("headwater.registry.user has no effect without headwater.registry.url");
        assertThat(RegistrySetup.requireValid(config.registry(), "")).isEmpty();
    }

    /** What is printed of an object in a log or an error must not contain what opens a registry or a broker. */
    @Test
    void shouldNeverPrintASecret() throws Exception {
        HeadwaterConfig config = TestSettings.of(Map.of(
                "headwater.kafka.\"sasl.jaas.config\"",
                "password=" + SECRET,
                "headwater.registry.url",
                "https://registry",
                "headwater.registry.token",
                SECRET,
                "headwater.registry.keystore",
                "client.p12",
                "headwater.registry.keystore-password",
                SECRET));

        RuntimeSettings settings = RuntimeSettings.of(config);
        TrialSettings trial = TrialSettings.of(
                AdaptationFile.parse("a.yaml", "name: reviews\ntask: text-classification\nbase: minilm\n"), settings);

        assertThat(settings.toString())
                .contains("https://registry", "client.p12")
                .doesNotContain(SECRET);
        assertThat(trial.toString()).contains("https://registry").doesNotContain(SECRET);
        // The process that tries records needs the secrets, and gets them on its standard input.
        Optional<RegistryAccess> received =
                TrialSettings.parse(trial.line()).runtime().registry();
        assertThat(received.orElseThrow().token())
                .isEqualTo(settings.registry().orElseThrow().token());
        assertThat(received.orElseThrow().keystore()).satisfies(store -> {
            assertThat(store.file().toAbsolutePath())
                    .isEqualTo(Path.of("client.p12").toAbsolutePath());
            assertThat(store.password())
                    .satisfies(password -> assertThat(password.read()).isEqualTo(SECRET));
        });
    }
}
