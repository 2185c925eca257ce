package io.headwater.testing;

import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.Topics;
import io.headwater.standalone.EmbeddedBroker;
import io.headwater.standalone.Ports;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;

/**
 * A broker with authorisation in this process. Who connects to {@link #bootstrapServers} may do everything; users who log in have
 * their permissions and no others.
 */
public final class SecuredBroker implements AutoCloseable {
    private static final int USERS = 60;

    private final EmbeddedBroker broker;
    private final String secured;
    private final AtomicInteger users = new AtomicInteger();

    private SecuredBroker(EmbeddedBroker broker, String secured) {
        this.broker = broker;
        this.secured = secured;
    }

    /** Starts a broker that keeps its data in {@code folder}. */
    public static SecuredBroker startIn(Path folder) {
        Ports ports = Ports.free();
        String secured = "127.0.0.1:" + Ports.free().client();
        String plain = "127.0.0.1:" + ports.client();
        String logins = IntStream.range(0, USERS)
                .mapToObj(i -> "user_" + name(i) + "=\"secret\"")
                .collect(Collectors.joining(" "));
        EmbeddedBroker broker = new EmbeddedBroker(
                folder,
                ports,
                Map.of(
                        "listeners",
                        "PLAINTEXT://" + plain + ",CONTROLLER://127.0.0.1:" + ports.controller() + ",SASL_PLAINTEXT://"
                                + secured,
                        "advertised.listeners",
                        "PLAINTEXT://" + plain + ",SASL_PLAINTEXT://" + secured,
                        "listener.security.protocol.map",
                        "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT",
                        "sasl.enabled.mechanisms",
                        "PLAIN",
                        "listener.name.sasl_plaintext.plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required " + logins + ";",
                        "authorizer.class.name",
                        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "super.users",
                        "User:ANONYMOUS"));
        broker.start();
        return new SecuredBroker(broker, secured);
    }

    /** No name begins with another one, so that no user has what belongs to another. */
    private static String name(int number) {
        return "u" + (USERS + number);
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Returns a new user who has {@code permissions} from now on. */
    public String user(List<Permission> permissions, Topics topics) throws ExecutionException, InterruptedException {
        String user = name(users.getAndIncrement());
        try (Admin admin = new Clients(KafkaSettings.of(bootstrapServers()), topics).admin()) {
            List<AclBinding> bindings = permissions.stream()
                    .distinct()
                    .map(one -> one.of(user, topics.prefix()))
                    .toList();
            int before = admin.describeAcls(AclBindingFilter.ANY).values().get().size();
            admin.createAcls(bindings).all().get();
            // The authoriser answers this question itself, so it knows them from now on.
            while (admin.describeAcls(AclBindingFilter.ANY).values().get().size() < before + bindings.size()) {
                Thread.onSpinWait();
            }
        }
        return user;
    }

    /** Returns clients of {@code user}. */
    public Clients clients(String user, Topics topics) {
        return new Clients(
                new KafkaSettings(
                        secured,
                        Map.of(
                                "security.protocol",
                                "SASL_PLAINTEXT",
                                "sasl.mechanism",
                                "PLAIN",
                                "sasl.jaas.config",
                                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user
                                        + "\" password=\"secret\";")),
                topics);
    }

    @Override
    public void close() {
        broker.close();
    }
}
