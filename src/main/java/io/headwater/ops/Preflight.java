package io.headwater.ops;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelFile;
import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadwaterConfig;
import io.headwater.config.PretrainedLabels;
import io.headwater.kafka.Clients;
import io.headwater.kafka.TopicAdmin;
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
     * Checks settings, adaptation, base model and existing topics of a service, and returns the adaptation. Changes
     * nothing.
     *
     * @throws ConfigurationException with every fault, one line each
     */
    static AdaptationConfig check(HeadwaterConfig config) {
        Preflight preflight = new Preflight(config);
        if (preflight.faults.isEmpty()) {
            preflight.topics();
        }
        Optional<AdaptationConfig> adaptation = preflight.adaptation();
        if (!preflight.faults.isEmpty()) {
            throw ConfigurationException.ofAll(preflight.faults);
        }
        return adaptation.orElseThrow();
    }

    private Optional<AdaptationConfig> adaptation() {
        Optional<Path> file = config.adaptation();
        if (file.isEmpty()) {
            faults.add("headwater.adaptation must name the YAML file of an adaptation, but is not set; set"
                    + " HEADWATER_ADAPTATION");
            return Optional.empty();
        }
        try {
            AdaptationConfig adaptation = AdaptationFile.read(file.get());
            PretrainedLabels.check(BaseModelFile.resolve(adaptation.base()), adaptation);
            return Optional.of(adaptation);
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
