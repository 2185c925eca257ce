package io.headwater.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

/** Creates missing topics and verifies all topics. */
public final class TopicAdmin {
    private static final int TIMEOUT_SECONDS = 30;
    private static final long VISIBILITY_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private static final Logger LOG = Logger.getLogger(TopicAdmin.class);
    /** Length of a segment of a compacted topic: a broker never compacts the segment to which it appends. */
    private static final Duration SEGMENT = Duration.ofHours(1);

    private static final Duration LONGEST_SEGMENT = Duration.ofDays(1);
    private static final String BROKER_TIME = "LogAppendTime";
    private static final String NOT_VERIFIED =
            "the configuration of the topics %s* is not verified, because the permission DESCRIBE_CONFIGS is missing for them;"
                    + " grant it, or verify the topics with 'headwater topics' as a user who has it";

    private final Admin admin;
    private final Topics topics;

    /** Creates an instance for {@code topics} that uses {@code admin}. */
    public TopicAdmin(Admin admin, Topics topics) {
        this.admin = admin;
        this.topics = topics;
    }

    /**
     * Creates missing topics, verifies the others, and waits until every partition accepts records. What does not keep the
     * records of the configured partitions from being used is only logged: further partitions of topics to which other programs
     * write, and {@link #warnings}.
     *
     * @return the names of the topics that were created
     * @throws TopicException with every topic that does not meet the requirements
     */
    public List<String> ensure() {
        return ensure(EnumSet.allOf(Topic.class));
    }

    /**
     * As {@link #ensure()} for a process that uses only the topics {@code used}. The others are created and verified, too, as far
     * as this user may do so and see them.
     */
    public List<String> ensure(Set<Topic> used) {
        List<String> created = createMissing(used);
        Set<String> existing = existing();
        List<String> faults = faults(used, existing);
        List<String> grown = grown(existing);
        if (!grown.containsAll(faults)) {
            throw new TopicException(faults);
        }
        Stream.concat(grown.stream(), warnings().stream()).forEach(warning -> LOG.warnf("topics-differ %s", warning));
        awaitLeaders(existing);
        return created;
    }

    /**
     * Returns the faults of the topics, one line each with topic, violated rule, actual value and remedy; empty when
     * there are none.
     */
    public List<String> faults() {
        return faults(EnumSet.allOf(Topic.class), existing());
    }

    private List<String> faults(Set<Topic> used, Set<String> existing) {
        List<String> faults = new ArrayList<>();
        for (Topic topic : used) {
            if (!existing.contains(topics.name(topic))) {
                faults.add("topic %s must exist; 'headwater topics --create' makes it".formatted(topics.name(topic)));
            }
        }
        faults.addAll(faultsOf(existing));
        return faults;
    }

    /**
     * Returns the faults of the existing topics, one line each as in {@link #faults}. Missing topics are not faults,
     * because they can be created.
     */
    public List<String> faultsOfExisting() {
        return faultsOf(existing());
    }

    /** Returns a line for each topic to which other programs write that has more partitions than configured. */
    private List<String> grown(Set<String> existing) {
        List<String> names = Stream.of(Topic.values())
                .filter(Topic::isInput)
                .map(topics::name)
                .filter(existing::contains)
                .toList();
        List<String> grown = new ArrayList<>();
        await(admin.describeTopics(names).allTopicNames()).forEach((name, description) -> {
            int partitions = description.partitions().size();
            if (partitions > topics.partitions()) {
                grown.add(partitionsDiffer(name, partitions));
            }
        });
        return grown;
    }

    /**
     * Returns a line for each topic whose configuration can lose records that should be used, or which would grow without
     * bounds, with the remedy, or one line when configurations may not be read; empty when all is well.
     */
    public List<String> warnings() {
        Set<String> existing = existing();
        List<Topic> affected = Stream.of(Topic.values())
                .filter(topic -> topic.hasBrokerTime() || topic.cleanup() == Topic.Cleanup.COMPACT)
                .filter(topic -> existing.contains(topics.name(topic)))
                .toList();
        Map<ConfigResource, Config> configs = configs(affected);
        if (configs.isEmpty()) {
            return unverified().stream().toList();
        }
        return affected.stream()
                .flatMap(topic -> warning(topic, value(configs, resource(topic))).stream())
                .toList();
    }

    private Optional<String> warning(Topic topic, Config config) {
        if (topic.hasBrokerTime()
                && !setting(config, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).equals(BROKER_TIME)) {
            return Optional.of(
                    ("topic %s should have message.timestamp.type=%s, because records with an old time, such as"
                                    + " those of a backfill, are otherwise deleted before they are read; alter the topic's"
                                    + " configuration")
                            .formatted(topics.name(topic), BROKER_TIME));
        }
        long segment = Long.parseLong(setting(config, TopicConfig.SEGMENT_MS_CONFIG));
        if (topic.cleanup() == Topic.Cleanup.COMPACT && segment > LONGEST_SEGMENT.toMillis()) {
            return Optional.of(
                    ("topic %s should have segment.ms of at most %d, such as %d, but has %d: brokers compact only segments that"
                                    + " are complete, and every process reads the whole topic when it starts; alter the topic's"
                                    + " configuration")
                            .formatted(topics.name(topic), LONGEST_SEGMENT.toMillis(), SEGMENT.toMillis(), segment));
        }
        return Optional.empty();
    }

    private String partitionsDiffer(String name, int partitions) {
        return partitions > topics.partitions()
                ? ("topic %s must have %d partitions as the topics it shares lanes with, but has %d, so that those from number %d"
                                + " are not read; give every topic of the installation %d partitions and set"
                                + " headwater.topics.partitions to %d, or use another headwater.topics.prefix")
                        .formatted(name, topics.partitions(), partitions, topics.partitions(), partitions, partitions)
                : ("topic %s must have %d partitions as the topics it shares lanes with, but has %d; set"
                                + " headwater.topics.partitions to %d, or use another headwater.topics.prefix")
                        .formatted(name, topics.partitions(), partitions, partitions);
    }

    private List<String> faultsOf(Set<String> existing) {
        List<String> faults = new ArrayList<>();
        List<Topic> present = Stream.of(Topic.values())
                .filter(topic -> existing.contains(topics.name(topic)))
                .toList();
        Map<String, TopicDescription> descriptions =
                await(admin.describeTopics(present.stream().map(topics::name).toList())
                        .allTopicNames());
        Map<ConfigResource, Config> configs = configs(present);
        for (Topic topic : present) {
            check(topic, value(descriptions, topics.name(topic)), faults);
            if (!configs.isEmpty()) {
                checkConfig(topic, value(descriptions, topics.name(topic)), value(configs, resource(topic)), faults);
            }
        }
        return faults;
    }

    /**
     * Returns a line when the permission to read the configuration of existing topics is missing, so that it is not verified;
     * empty when nothing is missing.
     */
    public Optional<String> unverified() {
        Set<String> existing = existing();
        List<Topic> present = Stream.of(Topic.values())
                .filter(topic -> existing.contains(topics.name(topic)))
                .toList();
        return present.isEmpty() || !configs(present).isEmpty()
                ? Optional.empty()
                : Optional.of(NOT_VERIFIED.formatted(topics.prefix()));
    }

    /** Returns the configuration of {@code present}; empty when the permission to read it is missing. */
    private Map<ConfigResource, Config> configs(List<Topic> present) {
        try {
            return await(
                    admin.describeConfigs(present.stream().map(this::resource).toList())
                            .all());
        } catch (AuthorizationException e) {
            return Map.of();
        }
    }

    /**
     * Returns the number of partitions of the topics of an installation. Further partitions of the samples topic, which the
     * topics of its lanes do not have, are not counted.
     *
     * @throws TopicException when there is no installation with this prefix
     */
    public static int discover(KafkaSettings kafka, String prefix) {
        Topics unknown = new Topics(prefix, 1, (short) 0, 0, 1);
        String samples = unknown.name(Topic.SAMPLES);
        try (Admin admin = new Clients(kafka, unknown).admin()) {
            String states = unknown.name(Topic.TRAINER_STATE);
            Map<String, TopicDescription> found =
                    await(admin.describeTopics(List.of(samples, states)).allTopicNames());
            return Math.min(
                    value(found, samples).partitions().size(),
                    value(found, states).partitions().size());
        } catch (UnknownTopicOrPartitionException e) {
            throw new TopicException(
                    List.of("topic %s must exist; 'headwater topics --create' makes it".formatted(samples)));
        } catch (AuthorizationException e) {
            throw new TopicException(List.of(
                    "topic %s must be visible to this user, but the brokers answer: %s; grant the permission DESCRIBE"
                            .formatted(samples, e.getMessage())));
        }
    }

    /** Returns the number of replicas of the partition with the fewest. */
    private static int replicas(TopicDescription description) {
        return description.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
    }

    private void check(Topic topic, TopicDescription description, List<String> faults) {
        String name = topics.name(topic);
        int partitions = description.partitions().size();
        if (partitions != topics.partitions()) {
            faults.add(partitionsDiffer(name, partitions));
        }
        int replicas = replicas(description);
        if (replicas < topics.replication()) {
            faults.add(("topic %s must have at least %d replicas of each partition, but has %d; add replicas"
                            + " (kafka-reassign-partitions.sh), or set headwater.topics.replication to %d")
                    .formatted(name, topics.replication(), replicas, replicas));
        }
    }

    private void checkConfig(Topic topic, TopicDescription description, Config config, List<String> faults) {
        String name = topics.name(topic);
        String cleanup = setting(config, TopicConfig.CLEANUP_POLICY_CONFIG);
        if (!cleanup.equals(topic.cleanup().policy())) {
            faults.add("topic %s must have cleanup.policy=%s, but has %s; alter the topic's configuration"
                    .formatted(name, topic.cleanup().policy(), cleanup));
        }
        long retention = Long.parseLong(setting(config, TopicConfig.RETENTION_MS_CONFIG));
        if (topic.mustBeKept() && retention >= 0) {
            faults.add("topic %s must be kept for ever (retention.ms=-1), but has retention.ms=%d; alter it"
                    .formatted(name, retention));
        }
        int minInSync = Integer.parseInt(setting(config, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG));
        if (minInSync < topics.minInSyncReplicas()) {
            faults.add("topic %s must have min.insync.replicas of at least %d, but has %d; alter it"
                    .formatted(name, topics.minInSyncReplicas(), minInSync));
        }
        if (minInSync > replicas(description)) {
            faults.add(
                    ("topic %s must have at least as many replicas as its min.insync.replicas, which is %d, but has %d, so that"
                                    + " no record is acknowledged; add replicas, or alter min.insync.replicas")
                            .formatted(name, minInSync, replicas(description)));
        }
        int maxBytes = Integer.parseInt(setting(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
        if (topic == Topic.DEAD_LETTERS && maxBytes < topics.maxMessageBytes(topic)) {
            faults.add("topic %s must take whole records (max.message.bytes of at least %d), but has %d; alter it"
                    .formatted(name, topics.maxMessageBytes(topic), maxBytes));
        }
    }

    /** Creates missing topics and returns their names. */
    public List<String> createMissing() {
        return createMissing(EnumSet.allOf(Topic.class));
    }

    private List<String> createMissing(Set<Topic> used) {
        Set<String> needed = used.stream().map(topics::name).collect(Collectors.toSet());
        Set<String> existing = existing();
        List<NewTopic> missing = Stream.of(Topic.values())
                .filter(topic -> !existing.contains(topics.name(topic)))
                .map(this::newTopic)
                .toList();
        List<String> created = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        admin.createTopics(missing).values().forEach((name, future) -> {
            try {
                await(future);
                created.add(name);
            } catch (TopicExistsException e) {
                // Another instance has created the topic meanwhile; it is verified later.
            } catch (AuthorizationException e) {
                if (!needed.contains(name)) {
                    return;
                }
                refused.add(
                        ("topic %s must exist, but is not there for this user, who may not create it either; grant the"
                                        + " permission DESCRIBE for the topic if it exists, or create it with 'headwater topics"
                                        + " --create' as a user who has the permission CREATE")
                                .formatted(name));
            }
        });
        if (!refused.isEmpty()) {
            throw new TopicException(refused);
        }
        if (!missing.isEmpty()) {
            awaitVisible(needed);
        }
        // The others need not be visible for this user.
        awaitLeaders(created.stream().filter(needed::contains).toList());
        return created.stream().sorted().toList();
    }

    /**
     * Waits until new topics are visible: a topic appears in the brokers' metadata shortly after the controller has
     * created it.
     */
    private void awaitVisible(Set<String> names) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!existing().containsAll(names) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(VISIBILITY_PAUSE);
        }
    }

    /**
     * Waits until leaders accept records. A topic is in the metadata shortly before its leaders have a log for it. In
     * between, a leader rejects a producer's batches, and if it then accepts only a later one of several batches, the
     * producer can never send the earlier ones.
     */
    private void awaitLeaders(Collection<String> names) {
        Map<TopicPartition, OffsetSpec> all = new HashMap<>();
        for (String name : names) {
            for (int p = 0; p < topics.partitions(); p++) {
                all.put(new TopicPartition(name, p), OffsetSpec.latest());
            }
        }
        await(admin.listOffsets(all).all());
    }

    private NewTopic newTopic(Topic topic) {
        Map<String, String> config = new HashMap<>();
        config.put(TopicConfig.CLEANUP_POLICY_CONFIG, topic.cleanup().policy());
        if (topics.minInSyncReplicas() > 0) {
            config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(topics.minInSyncReplicas()));
        }
        config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(topics.maxMessageBytes(topic)));
        config.put(
                TopicConfig.RETENTION_MS_CONFIG, Long.toString(topic.retention().toMillis()));
        if (topic.cleanup() == Topic.Cleanup.COMPACT) {
            config.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(SEGMENT.toMillis()));
        }
        if (topic.hasBrokerTime()) {
            config.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, BROKER_TIME);
        }
        Optional<Short> replication = Optional.of(topics.replication()).filter(replicas -> replicas > 0);
        return new NewTopic(topics.name(topic), Optional.of(topics.partitions()), replication).configs(config);
    }

    private Set<String> existing() {
        Set<String> ours = Stream.of(Topic.values()).map(topics::name).collect(Collectors.toSet());
        return await(admin.listTopics().names()).stream().filter(ours::contains).collect(Collectors.toSet());
    }

    private ConfigResource resource(Topic topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topics.name(topic));
    }

    private static String setting(Config config, String name) {
        return config.get(name).value();
    }

    private static <K, V> V value(Map<K, V> map, K key) {
        V found = map.get(key);
        if (found == null) {
            throw new IllegalStateException("the broker did not describe " + key);
        }
        return found;
    }

    /**
     * Returns the result of a request to the brokers.
     *
     * @throws org.apache.kafka.common.KafkaException when it failed, or when there is none after half a minute
     */
    public static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(
                    "the brokers did not answer in " + TIMEOUT_SECONDS + " s; check bootstrap servers and network", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new org.apache.kafka.common.errors.InterruptException(e);
        }
    }
}
