package io.headwater.ops;

import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadwaterConfig;
import io.headwater.kafka.Clients;
import io.headwater.kafka.TopicAdmin;
import io.headwater.ops.source.AdaptationPlaces;
import io.headwater.ops.source.AdaptationSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;

/** Checks a service before it starts and reports all faults together. */
final class Preflight {
    private final HeadwaterConfig config;
    private final List<String> faults;

    private Preflight(HeadwaterConfig config) {
        this.config = config;
        this.faults = new ArrayList<>(ServiceSettings.faults(config));
    }

    /**
     * What was found to be usable.
     *
     * @param places where the adaptations are
     * @param sources the adaptations, at least one, none of which has a fault
     */
    record Checked(AdaptationPlaces places, List<AdaptationSource> sources) {}

    /**
     * Checks settings, adaptations, manifests of base models and existing topics of a service, and returns the adaptations.
     * Changes nothing.
     *
     * @throws ConfigurationException with every fault, one line each
     */
    static Checked check(HeadwaterConfig config) {
        Preflight preflight = new Preflight(config);
        if (preflight.faults.isEmpty()) {
            preflight.topics();
        }
        Optional<Checked> adaptations = preflight.adaptations();
        if (!preflight.faults.isEmpty()) {
            throw ConfigurationException.ofAll(preflight.faults);
        }
        return adaptations.orElseThrow();
    }

    private Optional<Checked> adaptations() {
        List<Path> paths = config.adaptation().orElse(List.of());
        if (paths.isEmpty()) {
            faults.add(
                    "headwater.adaptation must name the YAML file of an adaptation, or a folder of such files, but is not"
                            + " set; set HEADWATER_ADAPTATION");
            return Optional.empty();
        }
        AdaptationPlaces places = AdaptationPlaces.of(paths);
        try {
            List<AdaptationSource> sources = AdaptationSource.distinct(
                    places.files().stream().map(AdaptationSource::read).toList());
            sources.forEach(source -> faults.addAll(source.faults()));
            return Optional.of(new Checked(places, sources));
        } catch (ConfigurationException e) {
            String.valueOf(e.getMessage()).lines().forEach(faults::add);
            return Optional.empty();
        }
    }

    private void topics() {
        RuntimeSettings settings = RuntimeSettings.of(config);
        try (Admin admin = new Clients(settings.kafka(), settings.topics()).admin()) {
            faults.addAll(new TopicAdmin(admin, settings.topics()).faultsOfExisting());
        } catch (AuthorizationException e) {
            faults.add(
                    "the user of headwater.kafka must have the permissions in docs/operations.md, but the brokers answer: %s"
                            .formatted(e.getMessage()));
        } catch (KafkaException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            faults.add("headwater.bootstrap-servers must name brokers that answer, but '%s' do not: %s"
                    .formatted(config.bootstrapServers(), why.getMessage()));
        }
    }
}
