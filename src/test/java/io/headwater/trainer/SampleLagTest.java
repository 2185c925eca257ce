package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SampleLagTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final List<Backlog> told = new ArrayList<>();
    private final SampleLag lag = new SampleLag("reviews", Clock.fixed(NOW, ZoneOffset.UTC), new TrainerListener() {
        @Override
        public void behind(Backlog backlog) {
            told.add(backlog);
        }
    });

    @Test
    void shouldCountWhatIsReadUntilItIsCommitted() {
        lag.begun(0);
        assertThat(tell(0)).isEqualTo(new Backlog("reviews", 0, 0, null));

        read(0, 1, 2, 3);
        lag.endsAt(0, 4);
        assertThat(tell(4)).isEqualTo(behind(4, time(0)));

        lag.committed(0, 2);
        assertThat(tell(4)).isEqualTo(behind(2, time(2)));
        lag.committed(0, 4);
        assertThat(tell(4)).isEqualTo(behind(0, null));
    }

    @Test
    void shouldEstimateWhatIsNotReadByTheShareOfSamples() {
        // Each second offset is a marker.
        lag.begun(0);
        tell(0);
        read(0, 2, 4, 6);
        lag.endsAt(0, 108);

        assertThat(tell(8)).isEqualTo(behind(4 + 50, time(0)));
        lag.committed(0, 8);
        assertThat(tell(8)).isEqualTo(behind(50, NOW));
        assertThat(tell(108)).isEqualTo(behind(0, null));
    }

    @Test
    void shouldCountSamplesOnceThatAreReadAgain() {
        lag.begun(0);
        tell(0);
        read(0, 1, 2);
        read(1, 2, 3);
        lag.endsAt(0, 4);

        assertThat(tell(4)).isEqualTo(behind(4, time(0)));
    }

    /** A partition of which nothing is fetched, as one that waits for a person. */
    @Test
    void shouldSayHowLongItIsBehindWhereNothingIsRead() {
        lag.begun(0);
        lag.committed(0, 10);
        lag.endsAt(0, 30);

        assertThat(tell(-1)).isEqualTo(behind(20, NOW));
    }

    @Test
    void shouldTellOnlyChanges() {
        lag.begun(0);
        tell(0);
        tell(0);
        assertThat(told).hasSize(1);
    }

    private void read(long... offsets) {
        lag.read(0, LongStream.of(offsets).mapToObj(SampleLagTest::record).toList());
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset) {
        return new ConsumerRecord<>(
                "samples",
                0,
                offset,
                time(offset).toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                new byte[0],
                new byte[0],
                new RecordHeaders(),
                Optional.empty());
    }

    private static Instant time(long offset) {
        return NOW.minusSeconds(1000 - offset);
    }

    private static Backlog behind(long samples, @Nullable Instant oldest) {
        return new Backlog("reviews", 0, samples, oldest);
    }

    private Backlog tell(long position) {
        lag.tell(partition -> position);
        return told.get(told.size() - 1);
    }
}
