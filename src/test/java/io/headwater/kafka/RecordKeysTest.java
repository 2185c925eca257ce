package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordKeysTest {
    private static final Topics TOPICS = new Topics("t.", 4, (short) 1, 1, 1000);

    @ParameterizedTest
    @ValueSource(strings = {"shop", "Ω", "日本 語", "a b", "😀"})
    void shouldTakeADomainOnItsPartition(String domain) {
        assertThat(RecordKeys.check(record(domain, TOPICS.partitionOf(domain), new byte[10], 0), TOPICS))
                .isEqualTo(Outcome.ok(domain));
    }

    @Test
    void shouldRefuseARecordWithoutAKey() {
        assertThat(rejection(record((byte[]) null, 0, new byte[10], 0)).reason())
                .isEqualTo(Reason.BAD_KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a\u0000b", "line\nbreak"})
    void shouldRefuseAKeyThatNamesNoDomain(String key) {
        Rejection rejection = rejection(record(key, TOPICS.partitionOf(key), new byte[10], 0));

        assertThat(rejection.reason()).isEqualTo(Reason.BAD_KEY);
        assertThat(rejection.message()).contains("1 to 200 characters").contains("'" + key + "'");
    }

    @Test
    void shouldRefuseAKeyThatIsTooLongOrNotUtf8() {
        String longKey = "x".repeat(201);
        assertThat(rejection(record(longKey, TOPICS.partitionOf(longKey), new byte[0], 0))
                        .reason())
                .isEqualTo(Reason.BAD_KEY);
        assertThat(rejection(record(new byte[] {(byte) 0xc3, 0x28}, 0, new byte[0], 0))
                        .reason())
                .isEqualTo(Reason.BAD_KEY);
    }

    @Test
    void shouldRefuseADomainOnAnotherPartition() {
        int right = TOPICS.partitionOf("shop");
        int wrong = (right + 1) % 4;

        Rejection rejection = rejection(record("shop", wrong, new byte[10], 0));

        assertThat(rejection.reason()).isEqualTo(Reason.MISROUTED);
        assertThat(rejection.message()).contains("'shop'", "partition " + right, "came on " + wrong, "murmur2");
    }

    @Test
    void shouldRefuseWhatIsLargerThanAllowedBeforeAnythingElse() {
        assertThat(RecordKeys.check(record("shop", TOPICS.partitionOf("shop"), new byte[996], 0), TOPICS))
                .isEqualTo(Outcome.ok("shop"));
        assertThat(rejection(record("a/b", 3, new byte[998], 0)).reason()).isEqualTo(Reason.TOO_LARGE);

        Rejection byHeaders = rejection(record("shop", TOPICS.partitionOf("shop"), new byte[10], 990));
        assertThat(byHeaders.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(byHeaders.message()).contains("1000 bytes", "1006");
    }

    private static Rejection rejection(ConsumerRecord<byte[], byte[]> record) {
        assertThat(RecordKeys.check(record, TOPICS)).isInstanceOf(Outcome.Rejected.class);
        return ((Outcome.Rejected<String>) RecordKeys.check(record, TOPICS)).rejection();
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, int partition, byte[] value, int headerBytes) {
        return record(key.getBytes(StandardCharsets.UTF_8), partition, value, headerBytes);
    }

    private static ConsumerRecord<byte[], byte[]> record(
            byte @Nullable [] key, int partition, byte[] value, int headerBytes) {
        RecordHeaders headers = new RecordHeaders();
        if (headerBytes > 0) {
            headers.add("hh", new byte[headerBytes]);
        }
        return new ConsumerRecord<>(
                "t.samples",
                partition,
                0,
                0,
                TimestampType.CREATE_TIME,
                key == null ? -1 : key.length,
                value.length,
                key,
                value,
                headers,
                Optional.empty());
    }
}
