package io.headwater.codec;

import io.headwater.codec.RegistryAccess.Store;
import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadwaterConfig.RegistrySettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The settings of the schema registry. No fault contains a secret. */
public final class RegistrySetup {
    private RegistrySetup() {}

    /** Returns how the registry is reached; empty without one. */
    public static Optional<RegistryAccess> access(RegistrySettings settings) {
        return settings.url().filter(url -> !url.isBlank()).map(url -> access(settings, url));
    }

    /**
     * Returns how the registry at {@code url} is reached with the user, token and certificates of the settings.
     *
     * @throws ConfigurationException when the settings are invalid; its message lists all faults
     */
    public static Optional<RegistryAccess> requireValid(RegistrySettings settings, String url) {
        if (url.isBlank()) {
            return Optional.empty();
        }
        List<String> faults = faults(settings, Optional.of(url));
        if (!faults.isEmpty()) {
            throw ConfigurationException.ofAll(faults);
        }
        return Optional.of(access(settings, url));
    }

    private static RegistryAccess access(RegistrySettings settings, String url) {
        return new RegistryAccess(
                url,
                settings.subjects(),
                settings.user().orElse(null),
                secret(settings.password(), settings.passwordFile()),
                secret(settings.token(), settings.tokenFile()),
                store(settings.truststore(), settings.truststorePassword(), settings.truststorePasswordFile()),
                store(settings.keystore(), settings.keystorePassword(), settings.keystorePasswordFile()),
                settings.key().orElse(null));
    }

    private static @Nullable SecretSource secret(Optional<String> value, Optional<Path> file) {
        return value.isPresent() || file.isPresent()
                ? new SecretSource(value.orElse(null), value.isPresent() ? null : file.orElse(null))
                : null;
    }

    private static @Nullable Store store(Optional<Path> file, Optional<String> password, Optional<Path> passwordFile) {
        return file.map(path -> new Store(path, secret(password, passwordFile))).orElse(null);
    }

    /** Returns a line for each fault, with the setting, the rule and what to do. */
    public static List<String> faults(RegistrySettings settings) {
        return faults(settings, settings.url().filter(url -> !url.isBlank()));
    }

    private static List<String> faults(RegistrySettings settings, Optional<String> url) {
        List<String> faults = new ArrayList<>();
        onlyOne(faults, "password", settings.password(), settings.passwordFile());
        onlyOne(faults, "token", settings.token(), settings.tokenFile());
        onlyOne(faults, "truststore-password", settings.truststorePassword(), settings.truststorePasswordFile());
        onlyOne(faults, "keystore-password", settings.keystorePassword(), settings.keystorePasswordFile());
        needs(faults, "truststore-password", "truststore", settings.truststore(), settings.truststorePassword());
        needs(
                faults,
                "truststore-password-file",
                "truststore",
                settings.truststore(),
                settings.truststorePasswordFile());
        needs(faults, "keystore-password", "keystore", settings.keystore(), settings.keystorePassword());
        needs(faults, "keystore-password-file", "keystore", settings.keystore(), settings.keystorePasswordFile());
        if (url.isPresent()) {
            faults.addAll(access(settings, url.get()).faults());
        } else {
            needs(faults, "user", "url", url, settings.user());
            needs(faults, "token", "url", url, settings.token());
            needs(faults, "token-file", "url", url, settings.tokenFile());
            needs(faults, "truststore", "url", url, settings.truststore());
            needs(faults, "keystore", "url", url, settings.keystore());
        }
        return faults.stream().map(RegistrySetup::line).toList();
    }

    private static void onlyOne(List<String> faults, String name, Optional<?> value, Optional<?> file) {
        if (value.isPresent() && file.isPresent()) {
            faults.add(name + " must not be set together with " + name + "-file; remove one of them");
        }
    }

    private static void needs(List<String> faults, String name, String other, Optional<?> needed, Optional<?> value) {
        if (value.isPresent() && needed.isEmpty()) {
            faults.add(name + " has no effect without headwater.registry." + other + "; set that, too");
        }
    }

    private static String line(String fault) {
        String name = fault.substring(0, fault.indexOf(' '));
        return "headwater.registry.%s; set HEADWATER_REGISTRY_%s"
                .formatted(fault, name.replace('-', '_').toUpperCase(Locale.ROOT));
    }
}
