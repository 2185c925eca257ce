package io.headwater.testing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A running Kafka broker that all tests of a JVM share; tests are isolated by {@linkplain #fresh unique names}. Write
 * a contract as an abstract class whose test methods take one of these, and run it against each kind of broker from
 * two empty subclasses: {@code XEmbeddedTest} with {@link OnEmbeddedBroker}, {@code XContainerIT} with {@link
 * OnContainerBroker}.
 */
public abstract class BrokerUnderTest implements AutoCloseable {

    private static final AtomicInteger NAMES = new AtomicInteger();

    /** Starts a separate broker for use outside JUnit; the caller closes it. */
    public static BrokerUnderTest embedded() {
        return new EmbeddedBrokerUnderTest();
    }

    /** Returns the value for {@code bootstrap.servers}. */
    public abstract String bootstrapServers();

    @Override
    public abstract void close();

    /** Returns a unique name for a topic, a group, a transactional id or a prefix of topics. */
    public final String fresh(String hint) {
        return hint + "-" + NAMES.incrementAndGet();
    }

    /** Creates an empty topic under a fresh name and returns the name. */
    public final String freshTopic(String hint, int partitions) {
        String name = fresh(hint);
        create(new NewTopic(name, Optional.of(partitions), Optional.empty()));
        return name;
    }

    /**
     * Creates topics and returns when the brokers list them: a topic appears in their metadata shortly after the controller
     * has created it.
     */
    public final void create(NewTopic... topics) {
        create(bootstrapServers(), topics);
    }

    /** Creates topics at the broker at {@code bootstrapServers} as {@link #create(NewTopic...)} does. */
    public static void create(String bootstrapServers, NewTopic... topics) {
        Set<String> names = Stream.of(topics).map(NewTopic::name).collect(Collectors.toSet());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(topics)).all().get();
            while (!admin.listTopics().names().get().containsAll(names)) {
                Thread.onSpinWait();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot create topics " + names, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating topics " + names, e);
        }
    }

    /** Creates an admin client; the caller closes it. */
    public final Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }
}
