package io.headwater.task.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.task.goal.EntityMetrics.Counts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EntityMetricsTest {
    private static final List<String> TAGS = List.of("O", "B-X", "I-X", "B-Y", "I-Y");

    @Test
    void shouldWorkOutAnExample() {
        // Given one of two entities right: the other begins too early
        EntityMetrics metrics = EntityMetrics.of(List.of(
                counts("O O O B-MISC I-MISC I-MISC O", "O O B-MISC I-MISC I-MISC I-MISC O"),
                counts("B-PER I-PER O", "B-PER I-PER O")));

        assertThat(metrics).isEqualTo(new EntityMetrics(2, 2, 2, 1, 0.5, 0.5, 0.5));
    }

    @Test
    void shouldTellPrecisionFromRecall() {
        EntityMetrics metrics = EntityMetrics.of(List.of(counts("B-X O B-Y I-Y", "B-X B-X O O"), counts("B-X", "O")));

        assertThat(metrics.entityPrecision()).isCloseTo(1.0 / 2, within(1e-12));
        assertThat(metrics.entityRecall()).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(metrics.entityF1()).isCloseTo(0.4, within(1e-12));
    }

    @Test
    void shouldBeginAnEntityWithAnInsideTagAsConllevalDoes() {
        // After O, at the start and after another type
        assertThat(counts("B-X I-X", "I-X I-X")).isEqualTo(new Counts(1, 1, 1));
        assertThat(counts("O B-X", "O I-X")).isEqualTo(new Counts(1, 1, 1));
        assertThat(counts("B-X B-Y", "B-X I-Y")).isEqualTo(new Counts(2, 2, 2));
        // Where two of a type touch, an inside tag goes on with the first
        assertThat(counts("B-X B-X", "B-X I-X")).isEqualTo(new Counts(2, 1, 0));
    }

    @Test
    void shouldNotTakeAnotherTypeForRight() {
        assertThat(counts("B-X I-X", "B-Y I-Y")).isEqualTo(new Counts(1, 1, 0));
        assertThat(counts("B-X I-X I-X", "B-X I-X I-Y")).isEqualTo(new Counts(1, 2, 0));
    }

    @Test
    void shouldBeZeroWhereThereIsNothingToDivideBy() {
        assertThat(EntityMetrics.of(List.of(counts("O", "O")))).isEqualTo(new EntityMetrics(1, 0, 0, 0, 0, 0, 0));
        assertThat(EntityMetrics.of(List.of(counts("B-X", "O")))).isEqualTo(new EntityMetrics(1, 1, 0, 0, 0, 0, 0));
    }

    @Property(tries = 500)
    void shouldCountWhatConllevalCounts(@ForAll long seed) {
        Random random = new Random(seed);
        List<List<String>> expected = new ArrayList<>();
        List<List<String>> predicted = new ArrayList<>();
        List<Counts> texts = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
            int length = random.nextInt(9);
            expected.add(tags(random, length));
            predicted.add(tags(random, length));
            texts.add(Counts.of(expected.get(i), predicted.get(i)));
        }

        EntityMetrics metrics = EntityMetrics.of(texts);

        assertThat(new Counts(metrics.expected(), metrics.predicted(), metrics.correct()))
                .isEqualTo(conlleval(expected, predicted));
        assertThat(metrics.entityPrecision()).isBetween(0.0, 1.0);
        assertThat(metrics.entityRecall()).isBetween(0.0, 1.0);
        assertThat(metrics.entityF1())
                .isBetween(
                        Math.min(metrics.entityPrecision(), metrics.entityRecall()) - 1e-12,
                        Math.max(metrics.entityPrecision(), metrics.entityRecall()) + 1e-12);
        Collections.shuffle(texts, random);
        assertThat(EntityMetrics.of(texts)).isEqualTo(metrics);
    }

    @Property(tries = 100)
    void shouldBeOneWhenAllIsRight(@ForAll long seed) {
        List<String> tags = new ArrayList<>(tags(new Random(seed), 8));
        tags.add("B-X");

        EntityMetrics metrics = EntityMetrics.of(List.of(Counts.of(tags, tags)));

        assertThat(metrics.entityPrecision()).isEqualTo(1);
        assertThat(metrics.entityRecall()).isEqualTo(1);
        assertThat(metrics.entityF1()).isEqualTo(1);
    }

    @Test
    void shouldRejectTagsThatAreNotOneAToken() {
        assertThatThrownBy(() -> counts("O", "O O")).hasMessageContaining("1 are expected and 2 predicted");
    }

    @Test
    void shouldRejectNothing() {
        assertThatThrownBy(() -> EntityMetrics.of(List.of())).hasMessageContaining("at least one");
    }

    private static Counts counts(String expected, String predicted) {
        return Counts.of(List.of(expected.split(" ", -1)), List.of(predicted.split(" ", -1)));
    }

    private static List<String> tags(Random random, int length) {
        List<String> tags = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            tags.add(TAGS.get(random.nextInt(TAGS.size())));
        }
        return tags;
    }

    /** Counts by the rules of conlleval (2004-01-26): tag by tag, with an O between texts and a mark whether all is right. */
    private static Counts conlleval(List<List<String>> expected, List<List<String>> predicted) {
        long[] counts = new long[3];
        String lastWanted = "O";
        String lastFound = "O";
        boolean isRight = false;
        for (int text = 0; text < expected.size(); text++) {
            for (int i = 0; i <= expected.get(text).size(); i++) {
                boolean isBreak = i == expected.get(text).size();
                String wanted = isBreak ? "O" : expected.get(text).get(i);
                String found = isBreak ? "O" : predicted.get(text).get(i);
                boolean wantedEnds = ends(lastWanted, wanted);
                boolean foundEnds = ends(lastFound, found);
                if (isRight && wantedEnds && foundEnds) {
                    counts[2] += type(lastWanted).equals(type(lastFound)) ? 1 : 0;
                    isRight = false;
                } else if (wantedEnds != foundEnds || !type(wanted).equals(type(found))) {
                    isRight = false;
                }
                boolean wantedBegins = begins(lastWanted, wanted);
                boolean foundBegins = begins(lastFound, found);
                isRight |= wantedBegins && foundBegins && type(wanted).equals(type(found));
                counts[0] += wantedBegins ? 1 : 0;
                counts[1] += foundBegins ? 1 : 0;
                lastWanted = wanted;
                lastFound = found;
            }
        }
        return new Counts(counts[0], counts[1], counts[2]);
    }

    private static boolean ends(String last, String tag) {
        return !last.equals("O")
                && (tag.equals("O") || tag.startsWith("B") || !type(last).equals(type(tag)));
    }

    private static boolean begins(String last, String tag) {
        return tag.startsWith("B")
                || tag.startsWith("I") && (last.equals("O") || !type(last).equals(type(tag)));
    }

    private static String type(String tag) {
        return tag.length() > 2 ? tag.substring(2) : "";
    }
}
