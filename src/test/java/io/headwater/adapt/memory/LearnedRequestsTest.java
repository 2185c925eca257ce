package io.headwater.adapt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.domain.ArtifactException;
import io.headwater.testing.Sections;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LearnedRequestsTest {

    @Test
    void shouldKnowTheNewestAlone() {
        LearnedRequests requests = new LearnedRequests();
        LongStream.range(0, 20_000).forEach(i -> requests.add(i * 7919, i + 1, i));

        assertThat(requests.get(19_999 * 7919L)).isEqualTo(new LearnedRequests.Learned(20_000, 19_999, 19_999));
        assertThat(LongStream.range(0, 20_000)
                        .filter(i -> requests.get(i * 7919) != null)
                        .count())
                .isBetween(LearnedRequests.CAPACITY - 1024L, (long) LearnedRequests.CAPACITY);
        assertThat(requests.get(0)).isNull();
    }

    @Test
    void shouldGoOnAsItWasWritten() {
        LearnedRequests requests = new LearnedRequests();
        LongStream.range(0, 3000).forEach(i -> requests.add(-i, i + 1, 2 * i));
        requests.take(-2999);
        requests.take(-5);
        requests.forgetBefore(4);

        LearnedRequests read = LearnedRequests.read(Sections.written(requests::write));

        assertThat(read.get(-4)).isEqualTo(new LearnedRequests.Learned(5, 8, 4));
        assertThat(read.get(-5)).isNull();
        assertThat(read.get(-2)).isNull();
        assertThat(read.get(-2999)).isNull();
        requests.add(1, 3001, 9000);
        read.add(1, 3001, 9000);
        assertThat(read.get(1)).isEqualTo(requests.get(1));
    }

    @Test
    void shouldWriteNothingWhereThereAreNone() {
        assertThat(LearnedRequests.read(Sections.written(section -> {})).bytes())
                .isZero();
    }

    @Test
    void shouldRefuseWhatIsNotOne() {
        assertThatThrownBy(() -> LearnedRequests.read(Sections.written(section -> {
                    section.section("requests").value("requestPlaces", 3);
                    section.section("requests").longs("0", new long[] {1, 2, 3});
                })))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("rows of 4");
    }
}
