package io.headwater.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.standalone.data.Item;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LateHouseTest {
    @Test
    void shouldChooseOneOfEachFewMessagesBySeed() throws Exception {
        List<Item> items = DemoFiles.messages("hotel").subList(0, 103);

        Set<String> chosen = LateHouse.chosen(items, 5, new Random(1));

        for (int from = 0; from + 5 <= items.size(); from += 5) {
            assertThat(items.subList(from, from + 5))
                    .filteredOn(item -> chosen.contains(item.id()))
                    .hasSize(1);
        }
        assertThat(LateHouse.chosen(items, 5, new Random(1))).isEqualTo(chosen);
        assertThat(LateHouse.chosen(items, 5, new Random(2))).isNotEqualTo(chosen);
        assertThat(LateHouse.chosen(items, 1, new Random(1))).hasSize(items.size());
    }

    @Test
    void shouldAskTheSameMessagesInBothLanes() throws Exception {
        LateHouse house = LateHouse.of("clinic", LatePlan.USUAL);

        assertThat(house.late().items()).isEqualTo(house.atOnce().items()).hasSize(LatePlan.USUAL.requests());
        assertThat(house.late().items()).extracting(Item::id).doesNotHaveDuplicates();
        assertThat(house.late().domain()).isNotEqualTo(house.atOnce().domain());
        assertThat(house.atOnce().title().length()).isLessThanOrEqualTo(9);
    }

    /** What is compared in the end must not have been learned before. */
    @Test
    void shouldAskTheLastMessagesOnce() throws Exception {
        List<String> texts = LateHouse.of("hotel", LatePlan.USUAL).late().items().stream()
                .map(DemoFiles::text)
                .toList();
        int last = texts.size() - LatePlan.USUAL.last();

        assertThat(texts.subList(last, texts.size()))
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(texts.subList(0, last));
    }
}
