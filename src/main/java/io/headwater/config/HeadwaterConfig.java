package io.headwater.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The settings of a running service: system properties, environment variables or {@code application.properties}. */
@ConfigMapping(prefix = "headwater")
public interface HeadwaterConfig {

    /** What this process does: any of {@code trainer}, {@code predictor}. */
    @WithDefault("trainer,predictor")
    Set<ProcessRole> roles();

    /** Kafka brokers, {@code host:port,…}. */
    @WithDefault("localhost:9092")
    String bootstrapServers();

    /** The YAML file of the adaptation. */
    Optional<Path> adaptation();

    /** The folder where artifacts live; shared by all processes of an installation. */
    @WithDefault("artifacts")
    Path store();

    /** The folder of the base models that were added, one folder each. */
    @WithDefault(ModelsFolder.DEFAULT)
    Path models();

    /**
     * Name of this process among its group: a restart under the same name ends what its predecessor left open.
     * Default: the host's name.
     */
    @WithDefault("${HOSTNAME:headwater}")
    String instance();

    /** Start of the consumer groups' names. */
    @WithDefault("headwater")
    String group();

    /** What may compute. Default: what the libraries were built for, the processor or a GPU. */
    Optional<DeviceChoice> device();

    /** Topics. */
    TopicSettings topics();

    /** The frozen part. */
    BackboneSettings backbone();

    /** Features kept in files behind those in memory. */
    CacheSettings cache();

    /** Schema registry. */
    RegistrySettings registry();

    /** Deleting artifacts that no event refers to; done by the trainer's process. */
    SweepSettings sweep();

    /** Further properties of all Kafka clients, such as {@code headwater.kafka."security.protocol"=SSL}. */
    Map<String, String> kafka();

    /** What a process can do. */
    enum ProcessRole {
        /** Learns. */
        TRAINER,
        /** Answers. */
        PREDICTOR
    }

    /** Topics. */
    interface TopicSettings {
        /** Start of every topic's name. */
        @WithDefault("headwater.")
        String prefix();

        /** Partitions of every topic, 1 to 10000. */
        @WithDefault("6")
        int partitions();

        /** Copies of each partition. */
        @WithDefault("1")
        short replication();

        /** Copies that must have a record before it counts as written. */
        @WithDefault("1")
        int minInsyncReplicas();

        /** Largest sample or request in bytes, key, value and headers together. */
        @WithDefault("16777216")
        int maxRecordBytes();

        /** Largest headers of a sample or request in bytes, names and values together. */
        @WithDefault("65536")
        int maxHeaderBytes();
    }

    /** The frozen part. */
    interface BackboneSettings {
        /** Threads that prepare samples side by side; 0 for one less than there are processors, at least 1. */
        @WithDefault("0")
        int workers();

        /** Threads within one run of the backbone. */
        @WithDefault("1")
        int threads();

        /** Bytes of features that are cached in memory. */
        @WithDefault("67108864")
        long cacheBytes();
    }

    /** Features kept in files behind those in memory: safe to delete, at rest and at work. */
    interface CacheSettings {
        /** Folder of the files, on a disk of this machine, for this user alone. */
        @WithDefault("${java.io.tmpdir:/tmp}/headwater-features")
        Path folder();

        /** Most bytes of one file; there is one for each base model, cut and way of computing. 0 for no files. */
        @WithDefault("0")
        long fileBytes();

        /** Most bytes of all files in the folder: those that nobody uses go to make room, the oldest first. */
        @WithDefault("4294967296")
        long totalBytes();
    }

    /** Schema registry. */
    interface RegistrySettings {
        /** Address of a registry with the Confluent-compatible interface; without one, records carry their fingerprint. */
        Optional<String> url();
    }

    /** Deleting artifacts that no event refers to; done by the trainer's process. */
    interface SweepSettings {
        /** From one sweep to the next, the first at the start; 0 for none at all. */
        @WithDefault("1h")
        Duration interval();

        /** What is younger stays, whether anything refers to it or not; at least 1 h. */
        @WithDefault("24h")
        Duration minimumAge();
    }
}
