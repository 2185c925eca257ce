package io.headwater.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of a running service, from system properties, environment variables or {@code application.properties}.
 */
@ConfigMapping(prefix = "headwater")
public interface HeadwaterConfig {

    /**
     * The roles of this process: any of {@code trainer}, {@code predictor}, {@code streams}, {@code featurizer}, {@code api},
     * {@code page}.
     */
    @WithDefault("trainer,predictor")
    Set<ProcessRole> roles();

    /** Kafka brokers, {@code host:port,…}. */
    @WithDefault("localhost:9092")
    String bootstrapServers();

    /** The YAML file of the adaptation; or several files, or folders of files, separated by commas. */
    Optional<List<Path>> adaptation();

    /** Interval at which folders of adaptations are looked at for files that were added, changed or removed. */
    @WithDefault("10s")
    Duration adaptationInterval();

    /** The folder of the artifacts, shared by all processes of an installation. */
    @WithDefault("artifacts")
    Path store();

    /**
     * The folder of the notes of records that are being prepared, by which a process recognises a record that has ended
     * another one. It must be writable, and must outlive the process. Default: {@code in-flight} in the store.
     */
    Optional<Path> inFlight();

    /** The folder of the added base models, which has a subfolder for each of them. */
    @WithDefault(ModelsFolder.DEFAULT)
    Path models();

    /**
     * Unique name of this process within its group. A process that restarts under the same name aborts the transactions
     * that its predecessor left open. Default: the host name.
     */
    @WithDefault("${HOSTNAME:headwater}")
    String instance();

    /** Prefix of the names of consumer groups. */
    @WithDefault("headwater")
    String group();

    /** The devices to compute on. Default: the device that the libraries were built for, CPU or GPU. */
    Optional<DeviceChoice> device();

    /** Settings of topics. */
    TopicSettings topics();

    /** Settings of the backbone, the frozen part of the base model. */
    BackboneSettings backbone();

    /** Settings of the feature cache in files, which supplements the cache in memory. */
    CacheSettings cache();

    /** Settings of the schema registry. */
    RegistrySettings registry();

    /** Settings of the lanes of the trainer. */
    LaneSettings lanes();

    /** Settings of late labels, which the role {@code streams} joins with their requests. */
    LateLabelSettings labels();

    /** Settings of the role {@code streams}. */
    StreamsRoleSettings streams();

    /** Whether trainer and predictor use the features that the role {@code featurizer} computes. */
    FeaturizerUse featurizer();

    /** Settings of the role {@code api}. */
    ApiSettings api();

    /** Settings of everything that is served over HTTP. */
    HttpSettings http();

    /** Settings of the deletion of artifacts that no event refers to, which the trainer's process does. */
    SweepSettings sweep();

    /** Which versions keep their artifacts, besides those that serve or are needed to go on. */
    RetentionSettings retention();

    /**
     * Maximum duration of the preparation of records: decoding, preprocessing and backbone. Records that exceed it are
     * tried one by one in a process apart, and the ones that exceed it there become dead letters.
     */
    @WithDefault("30s")
    Duration preparationTimeout();

    /**
     * Duration after which a running role that has work, but completes none of it, fails the liveness probe. At least
     * five times the preparation timeout.
     */
    @WithDefault("5m")
    Duration progressTimeout();

    /** Further properties of all Kafka clients, such as {@code headwater.kafka."security.protocol"=SSL}. */
    Map<String, String> kafka();

    /** The roles of a process. */
    enum ProcessRole {
        /** Trains. */
        TRAINER,
        /** Predicts. */
        PREDICTOR,
        /** Joins late labels with their requests and predictions. */
        STREAMS,
        /** Computes features for trainers and predictors. */
        FEATURIZER,
        /** Answers requests over HTTP. */
        API,
        /** Shows all lanes of the installation in a browser, and takes decisions about them. */
        PAGE;

        /** Returns whether a process runs the role once for each of its adaptations, or else once. */
        public boolean isOfAdaptation() {
            return this != PAGE;
        }
    }

    /** What lanes do when the offsets of the samples topic are no longer those that they have learned from. */
    enum AfterReset {
        /** Wait for a person. */
        WAIT,
        /** Learn what is on the topic now. */
        CONTINUE
    }

    /** Settings of topics. */
    interface TopicSettings {
        /** Prefix of all topic names. */
        @WithDefault("headwater.")
        String prefix();

        /** Number of partitions of every topic, 1 to 10000. */
        @WithDefault("6")
        int partitions();

        /** Replication factor of every topic; 0 for the default of the brokers. */
        @WithDefault("0")
        short replication();

        /** Value of {@code min.insync.replicas} of every topic; 0 for the default of the brokers. */
        @WithDefault("0")
        int minInsyncReplicas();

        /**
         * What lanes do when the samples topic was deleted and created anew, or when its offsets went back: {@code wait} for a
         * person, or {@code continue} with what is on the topic now.
         */
        @WithDefault("wait")
        AfterReset afterReset();

        /** Maximum size of a sample or request in bytes, including key, value and headers. */
        @WithDefault("16777216")
        int maxRecordBytes();

        /** Maximum size of the headers of a sample or request in bytes, including names and values. */
        @WithDefault("65536")
        int maxHeaderBytes();
    }

    /** Settings of the backbone, the frozen part of the base model. */
    interface BackboneSettings {
        /**
         * Number of threads that prepare samples in parallel; 0 for the number of processors minus 1, but at least 1.
         */
        @WithDefault("0")
        int workers();

        /** Number of threads within one run of the backbone. */
        @WithDefault("1")
        int threads();

        /** Size of the feature cache in memory, in bytes. */
        @WithDefault("67108864")
        long cacheBytes();
    }

    /**
     * Settings of the feature cache in files, which supplements the cache in memory. The files are safe to delete at
     * any time.
     */
    interface CacheSettings {
        /** Folder of the files, on a local disk, for use by this user only. */
        @WithDefault("${java.io.tmpdir:/tmp}/headwater-features")
        Path folder();

        /**
         * Maximum size of one file in bytes; there is one file for each combination of base model, cut and kind of
         * computation. 0 for no files.
         */
        @WithDefault("0")
        long fileBytes();

        /**
         * Maximum size of all files in the folder in bytes. Unused files are deleted to make room, the oldest first.
         */
        @WithDefault("4294967296")
        long totalBytes();
    }

    /** Settings of the schema registry. */
    interface RegistrySettings {
        /** URL of a Confluent-compatible registry; without one, records carry the fingerprint of their schema. */
        Optional<String> url();

        /** How the subjects are named under which schemas are registered. */
        @WithDefault("record")
        SubjectNaming subjects();

        /** Name for basic authentication. */
        Optional<String> user();

        /** Password of the user. */
        Optional<String> password();

        /** File with the password of the user. */
        Optional<Path> passwordFile();

        /** Token for bearer authentication. */
        Optional<String> token();

        /** File with the token, which is read again for each request. */
        Optional<Path> tokenFile();

        /** Certificates of the authorities to trust, in PEM, PKCS12 or JKS. */
        Optional<Path> truststore();

        /** Password of the truststore. */
        Optional<String> truststorePassword();

        /** File with the password of the truststore. */
        Optional<Path> truststorePasswordFile();

        /** Certificate of this process with its private key, in PEM, PKCS12 or JKS. */
        Optional<Path> keystore();

        /** Private key in PEM of the certificate in the keystore, if it is in a file of its own. */
        Optional<Path> key();

        /** Password of the keystore or of the private key. */
        Optional<String> keystorePassword();

        /** File with the password of the keystore or of the private key. */
        Optional<Path> keystorePasswordFile();
    }

    /** How the subjects of a schema registry are named. */
    enum SubjectNaming {
        /** By the full name of the record. */
        RECORD,
        /** By the topic, with {@code -value} behind it. */
        TOPIC,
        /** By the topic and the full name of the record. */
        TOPIC_RECORD
    }

    /** Settings of the lanes of the trainer. */
    interface LaneSettings {
        /**
         * About how many bytes of memory lanes take; when there are more, those that were used least recently leave memory until they
         * have a sample again. 0 for half of the heap.
         */
        @WithDefault("0")
        long bytes();
    }

    /** Settings of late labels, which the role {@code streams} joins with their requests. */
    interface LateLabelSettings {
        /** How long a request waits for its label, by the times of the brokers; then it expires. */
        @WithName("wait")
        @WithDefault("7d")
        Duration patience();

        /** How long a label waits for its request, by the times of the brokers; then it becomes a dead letter. */
        @WithDefault("1h")
        Duration early();

        /** Length of the periods of requests that are evaluated by their labels, and half-life of the faded evaluation. */
        @WithDefault("1h")
        Duration window();
    }

    /** Settings of the role {@code streams}. */
    interface StreamsRoleSettings {
        /**
         * Folder of the state, on a local disk; each instance has a folder in it. State that is lost is restored from the changelogs
         * on the brokers.
         */
        @WithDefault("${java.io.tmpdir:/tmp}/headwater-streams")
        Path folder();

        /** Number of threads; only as many as there are partitions have work. */
        @WithDefault("1")
        int threads();

        /** Number of copies of the state that other processes keep, so that they can take over at once. */
        @WithDefault("0")
        int standbys();
    }

    /** How trainer and predictor use the features that the role {@code featurizer} computes. */
    interface FeaturizerUse {
        /** Whether they use them; otherwise they compute all features themselves. */
        @WithName("use")
        @WithDefault("false")
        boolean isUsed();

        /**
         * How long records that are prepared together wait for their features; then they are computed by the role that needs them,
         * which does not wait again until a featurizer has caught up with it. At most half of the preparation timeout.
         */
        @WithName("wait")
        @WithDefault("5s")
        Duration patience();

        /** About how many bytes of features a role keeps in memory that have come before they are needed. */
        @WithDefault("67108864")
        long bytes();
    }

    /** Settings of everything that is served over HTTP: predictions, management API and page. */
    interface HttpSettings {
        /**
         * Host names, {@code name,…}, under which callers reach the service, besides addresses and {@code localhost}; {@code *} for all
         * names. A request to another name is refused.
         */
        Optional<List<String>> hosts();
    }

    /** Settings of the role {@code api}, which answers requests over HTTP. */
    interface ApiSettings {
        /** Lanes, {@code adaptation/domain,…}, without whose versions the process is not ready. */
        Optional<List<String>> requiredLanes();

        /**
         * How long a process that has no other role stays ready when the brokers do not answer, so that it cannot know whether another
         * version serves.
         */
        @WithDefault("5m")
        Duration maxModelStaleness();

        /**
         * Whether requests and their predictions are written to the topics before they are answered, so that late labels can be joined
         * with them.
         */
        @WithDefault("false")
        boolean logRequests();

        /**
         * Challengers, {@code adaptation/domain@version:share,…}, that also answer a share of the logged requests of a lane, so that
         * their answers are scored when labels come.
         */
        Optional<List<String>> shadows();

        /** Maximum number of requests of an adaptation that wait for their turn. */
        @WithDefault("512")
        int queue();

        /** How long a request may have to wait for those before it; what would have to wait longer is turned away at once. */
        @WithName("wait")
        @WithDefault("2s")
        Duration longest();

        /** Maximum size of the body of a request in bytes. */
        @WithDefault("16777216")
        int maxBodyBytes();

        /** Maximum size of the bodies of all requests together that are being received or answered, in bytes. */
        @WithDefault("67108864")
        long maxBytes();

        /** Time for the body of a request to arrive, and as much again for its answer. */
        @WithDefault("10s")
        Duration deadline();
    }

    /** Which versions keep their artifacts, besides those that serve or are needed to go on; sweeps delete the others. */
    interface RetentionSettings {
        /** Versions younger than this are kept. */
        @WithDefault("24h")
        Duration age();

        /** Number of newest versions of each lane that are kept, at least 1. */
        @WithDefault("100")
        int versions();

        /** Of all other versions of a lane, one in so many is kept; 1 for all, 0 for none. */
        @WithDefault("2000")
        long every();
    }

    /** Settings of the deletion of artifacts that no event refers to, which the trainer's process does. */
    interface SweepSettings {
        /** Interval between sweeps; the first is at the start of the process. 0 for no sweeps. */
        @WithDefault("1h")
        Duration interval();

        /** Younger artifacts are kept even if nothing refers to them; at least 1 h. */
        @WithDefault("24h")
        Duration minimumAge();
    }
}
