package io.headwater.testing;

import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** A broker in a container, from the image that the system property {@code headwater.kafka.image} names. */
final class ContainerBrokerUnderTest extends BrokerUnderTest {

    private final KafkaContainer container;

    ContainerBrokerUnderTest() {
        String image = System.getProperty("headwater.kafka.image", "apache/kafka:4.1.2");
        container = new KafkaContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("apache/kafka"));
        container.start();
    }

    @Override
    public String bootstrapServers() {
        return container.getBootstrapServers();
    }

    @Override
    public void close() {
        container.close();
    }
}
