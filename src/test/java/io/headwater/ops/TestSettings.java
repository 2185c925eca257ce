package io.headwater.ops;

import io.headwater.config.HeadwaterConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** Settings of a service as a running one reads them. */
final class TestSettings {
    private TestSettings() {}

    static HeadwaterConfig of(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .withMapping(HeadwaterConfig.class)
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(HeadwaterConfig.class);
    }
}
