package io.headwater.ops;

import io.headwater.codec.RegistrySetup;
import io.headwater.config.HeadwaterConfig;
import io.headwater.domain.Lane;
import io.headwater.engine.cache.FeatureFiles;
import io.headwater.online.CallQueue;
import io.headwater.online.Shadow;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules for the settings of a service that their types do not enforce. */
final class ServiceSettings {
    private static final Pattern BROKERS = Pattern.compile("\\s*[^,\\s]+:\\d{1,5}(\\s*,\\s*[^,\\s]+:\\d{1,5})*\\s*");
    /** Kafka's rule for topic names, with a maximum length that leaves space for the longest name after the prefix. */
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._-]{0,200}");

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]{0,252})|[*]");

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int MAX_PARTITIONS = 10_000;
    private static final int MAX_THREADS = 64;
    private static final int MAX_STANDBYS = 10;
    private static final int MAX_DAYS = 3650;
    private static final int MAX_RECORD_BYTES = 1 << 30;
    private static final int MAX_QUEUE = 1_000_000;

    private final List<String> faults = new ArrayList<>();

    private ServiceSettings() {}

    /**
     * Returns a line for each invalid setting with the setting, the violated rule, the value and the remedy; empty when
     * all are valid.
     */
    static List<String> faults(HeadwaterConfig config) {
        ServiceSettings settings = new ServiceSettings();
        settings.process(config);
        settings.topics(config.topics());
        settings.backbone(config.backbone());
        settings.cache(config.cache());
        settings.range("lanes.bytes", config.lanes().bytes(), 0, Long.MAX_VALUE);
        settings.streams(config);
        settings.featurizer(config);
        settings.api(config.api());
        settings.http(config.http());
        settings.sweep(config.sweep());
        settings.retention(config.retention());
        return List.copyOf(settings.faults);
    }

    private void process(HeadwaterConfig config) {
        rule(
                !config.roles().isEmpty(),
                "roles",
                "name trainer, predictor, streams, featurizer, api or several of them",
                config.roles());
        rule(
                BROKERS.matcher(config.bootstrapServers()).matches(),
                "bootstrap-servers",
                "be host:port, several separated by commas",
                config.bootstrapServers());
        rule(!config.instance().isBlank(), "instance", "name this process", config.instance());
        rule(!config.group().isBlank(), "group", "begin the consumer groups' names", config.group());
        rule(
                !Files.exists(config.store()) || Files.isDirectory(config.store()),
                "store",
                "be a folder",
                config.store());
        config.inFlight()
                .ifPresent(folder ->
                        rule(!Files.exists(folder) || Files.isDirectory(folder), "in-flight", "be a folder", folder));
        rule(
                config.preparationTimeout().compareTo(SECOND) >= 0,
                "preparation-timeout",
                "be at least 1s",
                config.preparationTimeout());
        rule(
                config.progressTimeout().dividedBy(5).compareTo(config.preparationTimeout()) >= 0,
                "progress-timeout",
                "be at least five times preparation-timeout (" + config.preparationTimeout() + ")",
                config.progressTimeout());
        rule(
                config.adaptationInterval().compareTo(SECOND.dividedBy(10)) >= 0,
                "adaptation-interval",
                "be at least 100ms",
                config.adaptationInterval());
        faults.addAll(RegistrySetup.faults(config.registry()));
    }

    private void topics(HeadwaterConfig.TopicSettings topics) {
        rule(
                PREFIX.matcher(topics.prefix()).matches(),
                "topics.prefix",
                "be at most 200 letters, digits, '.', '_' or '-'",
                topics.prefix());
        range("topics.partitions", topics.partitions(), 1, MAX_PARTITIONS);
        range("topics.replication", topics.replication(), 0, Short.MAX_VALUE);
        range(
                "topics.min-insync-replicas",
                topics.minInsyncReplicas(),
                0,
                topics.replication() > 0 ? topics.replication() : Short.MAX_VALUE);
        range("topics.max-record-bytes", topics.maxRecordBytes(), 1024, MAX_RECORD_BYTES);
        range("topics.max-header-bytes", topics.maxHeaderBytes(), 1024, MAX_RECORD_BYTES);
    }

    private void backbone(HeadwaterConfig.BackboneSettings backbone) {
        range("backbone.workers", backbone.workers(), 0, MAX_THREADS);
        range("backbone.threads", backbone.threads(), 1, MAX_THREADS);
        range("backbone.cache-bytes", backbone.cacheBytes(), 0, Long.MAX_VALUE);
    }

    private void cache(HeadwaterConfig.CacheSettings cache) {
        if (cache.fileBytes() == 0) {
            return;
        }
        range("cache.file-bytes", cache.fileBytes(), FeatureFiles.LEAST_BYTES, FeatureFiles.MOST_BYTES);
        rule(
                cache.totalBytes() >= cache.fileBytes(),
                "cache.total-bytes",
                "be at least headwater.cache.file-bytes, which is " + cache.fileBytes(),
                cache.totalBytes());
        rule(
                !Files.exists(cache.folder()) || Files.isDirectory(cache.folder()),
                "cache.folder",
                "be a folder",
                cache.folder());
    }

    private void streams(HeadwaterConfig config) {
        range("streams.threads", config.streams().threads(), 1, MAX_THREADS);
        range("streams.standbys", config.streams().standbys(), 0, MAX_STANDBYS);
        rule(
                !Files.exists(config.streams().folder())
                        || Files.isDirectory(config.streams().folder()),
                "streams.folder",
                "be a folder",
                config.streams().folder());
        atLeastASecond("labels.wait", config.labels().patience());
        atLeastASecond("labels.early", config.labels().early());
        atLeastASecond("labels.window", config.labels().window());
    }

    private void featurizer(HeadwaterConfig config) {
        Duration wait = config.featurizer().patience();
        // Where no features of others are used, a short preparation timeout needs no other wait.
        rule(
                !config.featurizer().isUsed()
                        || (wait.compareTo(Duration.ofMillis(1)) >= 0
                                && wait.compareTo(config.preparationTimeout().dividedBy(2)) <= 0),
                "featurizer.wait",
                "be at least 1ms, and at most half of preparation-timeout (" + config.preparationTimeout() + ")",
                wait);
        range("featurizer.bytes", config.featurizer().bytes(), 1 << 20, Long.MAX_VALUE);
    }

    private void api(HeadwaterConfig.ApiSettings api) {
        range("api.queue", api.queue(), CallQueue.MOST, MAX_QUEUE);
        rule(
                api.longest().compareTo(Duration.ofMillis(10)) >= 0
                        && api.longest().compareTo(Duration.ofHours(1)) <= 0,
                "api.wait",
                "be 10ms to 1h",
                api.longest());
        range("api.max-body-bytes", api.maxBodyBytes(), 1024, MAX_RECORD_BYTES);
        rule(
                api.maxBytes() >= api.maxBodyBytes(),
                "api.max-bytes",
                "be at least headwater.api.max-body-bytes, which is " + api.maxBodyBytes(),
                api.maxBytes());
        rule(
                api.deadline().compareTo(Duration.ofMillis(100)) >= 0
                        && api.deadline().compareTo(Duration.ofHours(1)) <= 0,
                "api.deadline",
                "be 100ms to 1h",
                api.deadline());
        rule(
                !api.maxModelStaleness().isNegative(),
                "api.max-model-staleness",
                "be 0 or longer",
                api.maxModelStaleness());
        for (String lane : api.requiredLanes().orElse(List.of())) {
            rule(isLane(lane), "api.required-lanes", "be lanes as ADAPTATION/DOMAIN", lane);
        }
        shadows(api.shadows().orElse(List.of()), api.logRequests());
    }

    private void shadows(List<String> shadows, boolean isLogged) {
        Set<Lane> lanes = new HashSet<>();
        for (String text : shadows) {
            Optional<Shadow> shadow = Shadow.parse(text);
            rule(
                    shadow.isPresent(),
                    "api.shadows",
                    "be challengers as ADAPTATION/DOMAIN@VERSION:SHARE, with a version from 1 and a share above 0 and up to 1",
                    text);
            rule(
                    shadow.isEmpty() || lanes.add(shadow.get().lane()),
                    "api.shadows",
                    "name each lane at most once",
                    text);
        }
        rule(shadows.size() <= Shadow.MOST, "api.shadows", "have at most " + Shadow.MOST + " challengers", shadows);
        rule(
                shadows.isEmpty() || isLogged,
                "api.shadows",
                "be used with headwater.api.log-requests=true, because labels are only joined with logged requests",
                shadows);
    }

    private void http(HeadwaterConfig.HttpSettings http) {
        for (String host : http.hosts().orElse(List.of())) {
            rule(HOST.matcher(host).matches(), "http.hosts", "be host names without scheme and port, or *", host);
        }
    }

    private static boolean isLane(String text) {
        int slash = text.indexOf('/');
        return slash > 0 && Lane.isAdaptation(text.substring(0, slash)) && Lane.isDomain(text.substring(slash + 1));
    }

    private void atLeastASecond(String key, Duration duration) {
        rule(
                duration.compareTo(SECOND) >= 0 && duration.compareTo(Duration.ofDays(MAX_DAYS)) <= 0,
                key,
                "be 1s to " + MAX_DAYS + "d",
                duration);
    }

    private void sweep(HeadwaterConfig.SweepSettings sweep) {
        rule(!sweep.interval().isNegative(), "sweep.interval", "be 0 or longer", sweep.interval());
        rule(
                sweep.minimumAge().compareTo(OrphanSweep.LEAST_AGE) >= 0,
                "sweep.minimum-age",
                "be at least " + OrphanSweep.LEAST_AGE.toHours() + "h",
                sweep.minimumAge());
    }

    private void retention(HeadwaterConfig.RetentionSettings retention) {
        rule(!retention.age().isNegative(), "retention.age", "be 0 or longer", retention.age());
        range("retention.versions", retention.versions(), 1, Integer.MAX_VALUE);
        range("retention.every", retention.every(), 0, Long.MAX_VALUE);
    }

    private void range(String key, long value, long from, long to) {
        String rule = to == Long.MAX_VALUE ? "be at least " + from : "be " + from + " to " + to;
        rule(value >= from && value <= to, key, rule, value);
    }

    private void rule(boolean holds, String key, String rule, Object value) {
        if (!holds) {
            faults.add("headwater.%s must %s, but is '%s'; set HEADWATER_%s"
                    .formatted(key, rule, value, environment(key)));
        }
    }

    /**
     * Returns the name of the environment variable of a setting (MicroProfile Config 3.1, "Environment Variables
     * Mapping Rules").
     */
    private static String environment(String key) {
        return key.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
    }
}
