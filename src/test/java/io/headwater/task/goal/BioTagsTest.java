package io.headwater.task.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.task.Rejections;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BioTagsTest {
    private static final List<String> NAMES = List.of("O", "B-X", "I-X", "B-Y", "I-Y");

    @Test
    void shouldReadEntitiesAsConllevalDoes() {
        assertThat(BioTags.spans(List.of("B-X", "I-X", "O", "B-Y"))).containsExactly(span("X", 0, 2), span("Y", 3, 4));
        assertThat(BioTags.spans(List.of("B-X", "B-X", "I-X"))).containsExactly(span("X", 0, 1), span("X", 1, 3));
        assertThat(BioTags.spans(List.of("I-X", "I-X"))).containsExactly(span("X", 0, 2));
        assertThat(BioTags.spans(List.of("O", "I-X"))).containsExactly(span("X", 1, 2));
        assertThat(BioTags.spans(List.of("B-X", "I-Y", "I-X")))
                .containsExactly(span("X", 0, 1), span("Y", 1, 2), span("X", 2, 3));
        assertThat(BioTags.spans(List.of("B-a-b", "I-a-b"))).containsExactly(span("a-b", 0, 2));
        assertThat(BioTags.spans(List.of())).isEmpty();
    }

    @Test
    void shouldNotGoOnWithWhatHasNotBegun() {
        BioTags tags = new BioTags(List.of("O", "B-X", "I-X"));
        // Greedily O, I-X; valid are O O (3 + 0), B I (2 + 5) and others
        float[] logits = {3, 2, 0, 0, 0, 5};

        assertThat(tags.decode(logits, new int[] {0, 1})).containsExactly("B-X", "I-X");
        assertThat(tags.decode(new float[] {9, 0, 0, 0, 1, 5}, new int[] {0, 1}))
                .containsExactly("O", "B-X");
    }

    @Test
    void shouldReadTheRowsOfFirstPiecesAlone() {
        BioTags tags = new BioTags(List.of("O", "B-X"));
        float[] logits = {0, 9, 5, 0, 0, 9, 0, 5, 9, 0};

        assertThat(tags.decode(logits, new int[] {1, 3})).containsExactly("O", "B-X");
        assertThat(tags.decode(logits, new int[] {})).isEmpty();
    }

    @Property(tries = 200)
    void shouldFindTheBestOfAllValidTags(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int tokens) {
        Random random = new Random(seed);
        List<String> names = new ArrayList<>(NAMES);
        Collections.shuffle(names, random);
        List<String> some = names.subList(0, 1 + random.nextInt(names.size()));
        if (some.stream().allMatch(name -> name.startsWith("I-"))) {
            some = names;
        }
        float[] logits = ObjectiveCheck.floats(random, tokens * some.size());

        List<String> decoded =
                new BioTags(some).decode(logits, IntStream.range(0, tokens).toArray());

        assertThat(isValid(decoded, some)).as("%s", decoded).isTrue();
        assertThat(score(decoded, some, logits)).isCloseTo(best(tokens, some, logits), within(1e-9));
    }

    @Property(tries = 200)
    void shouldReadBackTheEntitiesThatItMarks(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int length) {
        Random random = new Random(seed);
        List<EntitySpan> spans = new ArrayList<>();
        for (int at = random.nextInt(3); at < length; at += random.nextInt(3)) {
            int end = Math.min(length, at + 1 + random.nextInt(3));
            spans.add(span(random.nextBoolean() ? "X" : "Y", at, end));
            at = end;
        }
        List<EntitySpan> shuffled = new ArrayList<>(spans);
        Collections.shuffle(shuffled, random);

        Outcome<List<String>> marked = BioTags.tags(length, shuffled);

        assertThat(marked).isInstanceOf(Outcome.Ok.class);
        List<String> tags = ((Outcome.Ok<List<String>>) marked).value();
        assertThat(tags).hasSize(length);
        assertThat(isValid(tags, NAMES)).isTrue();
        assertThat(BioTags.spans(tags)).isEqualTo(spans);
    }

    @Test
    void shouldRejectEntitiesThatDoNotFit() {
        Rejections.assertRejected(BioTags.tags(3, List.of(span("X", 2, 4))), Reason.BAD_LABEL, "0 to 2");
        Rejections.assertRejected(BioTags.tags(3, List.of(span("X", -1, 1))), Reason.BAD_LABEL, "-1");
        Rejections.assertRejected(BioTags.tags(3, List.of(span("X", 1, 1))), Reason.BAD_LABEL, "to before 1");
        Rejections.assertRejected(BioTags.tags(3, List.of(span(" ", 1, 2))), Reason.BAD_LABEL, "type");
        Rejections.assertRejected(
                BioTags.tags(3, List.of(span("X", 1, 3), span("Y", 0, 2))), Reason.BAD_LABEL, "token 1");
    }

    @Test
    void shouldRejectNamesThatAreNoTags() {
        assertThatThrownBy(() -> new BioTags(List.of("O", "PER"))).hasMessageContaining("'PER'");
        assertThatThrownBy(() -> new BioTags(List.of("O", "B-"))).hasMessageContaining("'B-'");
        assertThatThrownBy(() -> new BioTags(List.of("O", "O"))).hasMessageContaining("twice");
        assertThatThrownBy(() -> new BioTags(List.of("I-X"))).hasMessageContaining("I-X");
        assertThatThrownBy(() -> new BioTags(List.of())).hasMessageContaining("begin");
    }

    @Test
    void shouldKnowTheOutputOfATag() {
        assertThat(new BioTags(NAMES).index("B-Y")).isEqualTo(3);
        assertThat(new BioTags(NAMES).index("B-Z")).isEqualTo(-1);
    }

    private static EntitySpan span(String type, int start, int end) {
        return new EntitySpan(type, start, end);
    }

    /** An I-type whose B-type is not among the names may begin an entity. */
    private static boolean isValid(List<String> tags, List<String> names) {
        String last = "O";
        for (String tag : tags) {
            boolean follows = tag.startsWith("I-") && names.contains("B-" + tag.substring(2));
            if (follows && (last.equals("O") || !last.endsWith(tag.substring(1)))) {
                return false;
            }
            last = tag;
        }
        return true;
    }

    private static double score(List<String> tags, List<String> names, float[] logits) {
        double sum = 0;
        for (int i = 0; i < tags.size(); i++) {
            sum += logits[i * names.size() + names.indexOf(tags.get(i))];
        }
        return sum;
    }

    private static double best(int tokens, List<String> names, float[] logits) {
        double best = Double.NEGATIVE_INFINITY;
        int ways = (int) Math.round(Math.pow(names.size(), tokens));
        for (int i = 0; i < ways; i++) {
            List<String> tags = new ArrayList<>();
            for (int t = 0, rest = i; t < tokens; t++, rest /= names.size()) {
                tags.add(names.get(rest % names.size()));
            }
            best = isValid(tags, names) ? Math.max(best, score(tags, names, logits)) : best;
        }
        return best;
    }
}
