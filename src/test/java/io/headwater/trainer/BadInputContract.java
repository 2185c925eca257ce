package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TaskKind;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.TestModels;
import io.headwater.engine.runtime.OnnxBackbone;
import io.headwater.kafka.Topic;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.Installation.Sent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests a stream with many invalid records: each becomes one dead letter with its reason, and all records between them
 * are trained on.
 */
@Timeout(120)
abstract class BadInputContract {
    private static final int NOTHING_TO_LEARN = 2;

    @TempDir
    private Path folder;

    /** An invalid record and the expected reason of its dead letter. */
    private record Fault(Reason reason, ProducerRecord<byte[], byte[]> record) {}

    @Test
    void shouldMakeOneDeadLetterOfEachFaultAndLearnTheRest(BrokerUnderTest broker) {
        AdaptationConfig config =
                Adaptations.of(TaskKind.TEXT_CLASSIFICATION, Adaptations.BY_STEPS, List.of("good", "bad"), null, 0);
        FileArtifactStore store = new FileArtifactStore(folder, 1 << 24);
        try (Installation installation =
                Installation.of(config, broker, store).open().createTopics()) {
            // Given an invalid record after every second sample
            String domain = installation.domain(0, 0);
            List<Fault> faults = faults(installation, domain);
            int next = 0;
            for (Fault fault : faults) {
                Adaptations.send(installation, domain, next++);
                Adaptations.send(installation, domain, next++);
                installation.send(fault.record(), false);
            }

            // When it is trained, and trained again without new records
            installation.train();
            installation.train();

            // Then
            History history = new History(installation);
            history.requireExactlyOnce();
            history.requireReplayable();
            requireReasons(installation.sent(), faults, history);
            requireUntouched(installation.sent(), history);
            assertThat(history.versions(domain).stream()
                            .mapToInt(version -> version.lineage().samples())
                            .sum())
                    .isEqualTo(NOTHING_TO_LEARN * faults.size());
        }
    }

    @Test
    void shouldRefuseAnImageBombByItsHeader(BrokerUnderTest broker) {
        AdaptationConfig config =
                Adaptations.of(TaskKind.IMAGE_CLASSIFICATION, Adaptations.BY_STEPS, List.of(), null, 0);
        FileArtifactStore store = new FileArtifactStore(folder.resolve("store"), 1 << 24);
        BaseModelManifest base = TestModels.image(folder, TestModels.convNet(TestModels.FLOAT), "map", Pooling.MEAN);
        try (OnnxBackbone backbone = OnnxBackbone.open(base);
                Installation installation =
                        Installation.of(config, broker, store).with(base, backbone)) {
            installation.createTopics();
            String domain = installation.domain(0, 0);
            byte[] bomb = installation.value(new Payload.EncodedImage(bomb()), "huge");
            byte[] garbage = installation.value(new Payload.EncodedImage(new byte[] {1, 2, 3}), "odd");

            installation.send(domain, bomb, false);
            installation.send(domain, garbage, false);
            installation.train();

            assertThat(new History(installation).deadLetters().values())
                    .containsExactlyInAnyOrder(Reason.TOO_LARGE, Reason.BAD_PAYLOAD);
        }
    }

    private static void requireReasons(List<Sent> sent, List<Fault> faults, History history) {
        Map<History.Place, Reason> expected = new HashMap<>();
        int next = 0;
        for (Sent one : sent) {
            if (!one.valid()) {
                expected.put(
                        new History.Place(one.partition(), one.offset()),
                        faults.get(next++).reason());
            }
        }
        assertThat(history.deadLetters()).isEqualTo(expected);
    }

    private static void requireUntouched(List<Sent> sent, History history) {
        Map<History.Place, Sent> byPlace = new HashMap<>();
        sent.forEach(one -> byPlace.put(new History.Place(one.partition(), one.offset()), one));
        for (ConsumerRecord<byte[], byte[]> letter : history.deadLetterRecords()) {
            var headers = History.headers(letter);
            Sent original = byPlace.get(new History.Place(headers.partition(), headers.offset()));
            assertThat(original).isNotNull();
            if (original != null) {
                assertThat(letter.key()).isEqualTo(original.record().key());
                assertThat(letter.value()).isEqualTo(original.record().value());
                original.record()
                        .headers()
                        .forEach(header -> assertThat(letter.headers()).contains(header));
                assertThat(headers.rejection().message()).isNotBlank();
            }
        }
    }

    private static List<Fault> faults(Installation installation, String domain) {
        byte[] good = installation.value(new Payload.Text("the lamp was lovely"), "good");
        byte[] stranger = good.clone();
        stranger[5] ^= 1;
        List<Fault> faults = new ArrayList<>();
        add(faults, Reason.MALFORMED, installation, domain, Arrays.copyOf(good, good.length - 3));
        add(faults, Reason.UNKNOWN_SCHEMA, installation, domain, stranger);
        add(faults, Reason.UNKNOWN_SCHEMA, installation, domain, new byte[] {0, 0, 0, 0, 7, 1, 2, 3});
        add(faults, Reason.UNKNOWN_SCHEMA, installation, domain, "{\"json\": true}".getBytes(StandardCharsets.UTF_8));
        payload(faults, Reason.WRONG_KIND, installation, domain, new Payload.EncodedImage(bomb()));
        payload(faults, Reason.WRONG_KIND, installation, domain, new Payload.Waveform(new byte[] {1, 2}, 8000));
        payload(faults, Reason.BAD_PAYLOAD, installation, domain, new Payload.Text("  "));
        payload(faults, Reason.TOO_LARGE, installation, domain, new Payload.Text("a".repeat(10 << 20)));
        payload(faults, Reason.NOT_FINITE, installation, domain, tensor(Float.NaN));
        payload(faults, Reason.NOT_FINITE, installation, domain, tensor(Float.NEGATIVE_INFINITY));
        add(
                faults,
                Reason.BAD_LABEL,
                installation,
                domain,
                installation.value(new Payload.Text("the lamp was lovely"), "unheard of"));
        add(faults, Reason.TOMBSTONE, installation, domain, null);
        ProducerRecord<byte[], byte[]> heavy = record(installation, domain, good);
        heavy.headers().add("heavy", new byte[900 << 10]);
        faults.add(new Fault(Reason.TOO_LARGE, heavy));
        String topic = installation.topics().name(Topic.SAMPLES);
        faults.add(new Fault(Reason.BAD_KEY, new ProducerRecord<>(topic, 0, null, good)));
        faults.add(new Fault(Reason.BAD_KEY, new ProducerRecord<>(topic, 0, bytes("a/b"), good)));
        faults.add(new Fault(Reason.MISROUTED, new ProducerRecord<>(topic, 0, bytes(installation.domain(1, 0)), good)));
        return faults;
    }

    private static Payload tensor(float odd) {
        return new Payload.Tensor(List.of(2), new float[] {1, odd});
    }

    private static void payload(
            List<Fault> faults, Reason reason, Installation installation, String domain, Payload payload) {
        add(faults, reason, installation, domain, installation.value(payload, "good"));
    }

    private static void add(
            List<Fault> faults, Reason reason, Installation installation, String domain, byte @Nullable [] value) {
        faults.add(new Fault(reason, record(installation, domain, value)));
    }

    private static ProducerRecord<byte[], byte[]> record(
            Installation installation, String domain, byte @Nullable [] value) {
        return new ProducerRecord<>(installation.topics().name(Topic.SAMPLES), 0, bytes(domain), value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a PNG that declares 50,000 × 50,000 pixels and holds none. */
    static byte[] bomb() {
        ByteBuffer header = ByteBuffer.allocate(17)
                .put(bytes("IHDR"))
                .putInt(50_000)
                .putInt(50_000)
                .put(new byte[] {8, 2, 0, 0, 0});
        CRC32 crc = new CRC32();
        crc.update(header.array());
        return ByteBuffer.allocate(8 + 4 + 17 + 4 + 12)
                .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'})
                .putInt(13)
                .put(header.array())
                .putInt((int) crc.getValue())
                .putInt(0)
                .put(bytes("IEND"))
                .putInt(0xAE426082)
                .array();
    }
}
