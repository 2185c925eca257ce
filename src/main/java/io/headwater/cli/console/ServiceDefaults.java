package io.headwater.cli.console;

import io.headwater.codec.RegistryAccess;
import io.headwater.codec.RegistrySetup;
import io.headwater.config.HeadwaterConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;

/**
 * Takes the defaults of options from the settings of the service, wherever these come from: environment variables, system
 * properties or {@code config/application.properties}. The description key of such an option is the name of the setting.
 */
public final class ServiceDefaults implements IDefaultValueProvider {
    static final String BOOTSTRAP_SERVERS = "headwater.bootstrap-servers";
    static final String PREFIX = "headwater.topics.prefix";
    public static final String PARTITIONS = "headwater.topics.partitions";
    public static final String REPLICATION = "headwater.topics.replication";
    public static final String MIN_INSYNC_REPLICAS = "headwater.topics.min-insync-replicas";
    static final String MAX_RECORD_BYTES = "headwater.topics.max-record-bytes";
    static final String STORE = "headwater.store";
    static final String REGISTRY = "headwater.registry.url";

    private static final String SETTINGS = "headwater.";

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        String key = argument.descriptionKey();
        return key != null && key.startsWith(SETTINGS) ? setting(key).orElse(null) : null;
    }

    /** Returns the setting {@code name} as text; empty when it is not set. */
    private static Optional<String> setting(String name) {
        return ConfigProvider.getConfig().getOptionalValue(name, String.class);
    }

    /** Returns the maximum size of a record in bytes. */
    public static int maxRecordBytes() {
        return setting(MAX_RECORD_BYTES).map(Integer::parseInt).orElse(16 << 20);
    }

    /** Returns the further properties of all Kafka clients. */
    static Map<String, String> kafka() {
        return settings().kafka();
    }

    /** Returns how the schema registry at {@code url} is reached; empty when there is no URL. */
    static Optional<RegistryAccess> registry(String url) {
        return RegistrySetup.requireValid(settings().registry(), url);
    }

    private static HeadwaterConfig settings() {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(HeadwaterConfig.class)
                .withValidateUnknown(false)
                .withSources(StreamSupport.stream(
                                ConfigProvider.getConfig().getConfigSources().spliterator(), false)
                        .toArray(ConfigSource[]::new))
                .build()
                .getConfigMapping(HeadwaterConfig.class);
    }
}
