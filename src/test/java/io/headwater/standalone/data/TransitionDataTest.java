package io.headwater.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.TaskKind;
import io.headwater.domain.Label.Episode;
import io.headwater.domain.Label.Transition;
import io.headwater.domain.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the reading of transitions and episodes from files, and the cutting of episodes. */
class TransitionDataTest {
    @TempDir
    private Path folder;

    @Test
    void shouldReadTransitionsWithWhatIsKnownOfThem() throws Exception {
        Dataset data = open("""
                {"observation": [1, 2], "action": "left", "reward": 0.5, "nextObservation": [3, 4]}

                {"observation": [3, 4], "action": 1, "rewards": [1, 2], "terminal": true, "episodeReturn": 3.5, "episodeLength": 3, "version": 7, "more": {}}
                {"observation": [5], "action": "0", "reward": -1, "nextObservation": [6], "truncated": true, "episodeReturn": 9}
                """, 5);

        assertThat(data.faults().first()).isEmpty();
        assertThat(data.items()).extracting(Item::id).containsExactly("t.jsonl:1", "t.jsonl:3", "t.jsonl:4");
        assertThat(data.items().get(0).payload())
                .usingRecursiveComparison()
                .isEqualTo(new Payload.Tensor(List.of(2), new float[] {1, 2}));
        assertThat(data.items())
                .extracting(Item::label)
                .usingRecursiveComparison()
                .isEqualTo(List.of(
                        new Transition("left", new double[] {0.5}, new float[] {3, 4}, false, false, null, null),
                        new Transition("1", new double[] {1, 2}, new float[0], true, false, new Episode(3.5, 3), 7L),
                        new Transition("0", new double[] {-1}, new float[] {6}, false, true, new Episode(9, 0), null)));
    }

    @Test
    void shouldCutEpisodesIntoTransitionsOfSeveralSteps() throws Exception {
        String terminal =
                "{\"observations\": [[1], [2], [3]], \"actions\": [0, 1, 0], \"rewards\": [1, 2, 4], \"terminal\": true, \"version\": 2}\n";
        String broken = "{\"observations\": [[1], [2], [3]], \"actions\": [\"a\", \"b\"], \"rewards\": [1, 2]}\n";

        Dataset data = open(terminal + broken, 2);

        assertThat(data.faults().first()).isEmpty();
        assertThat(data.items())
                .extracting(Item::id)
                .containsExactly("t.jsonl:1#0", "t.jsonl:1#1", "t.jsonl:1#2", "t.jsonl:2#0", "t.jsonl:2#1");
        assertThat(data.items())
                .extracting(Item::label)
                .usingRecursiveComparison()
                .isEqualTo(List.of(
                        new Transition("0", new double[] {1, 2}, new float[] {3}, false, false, null, 2L),
                        new Transition("1", new double[] {2, 4}, new float[0], true, false, null, 2L),
                        new Transition("0", new double[] {4}, new float[0], true, false, new Episode(7, 3), 2L),
                        new Transition("a", new double[] {1, 2}, new float[] {3}, false, true, null, null),
                        new Transition("b", new double[] {2}, new float[] {3}, false, true, new Episode(3, 2), null)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"action": 0, "reward": 1, "terminal": true}                                        | under 'observation'
            {"observation": [], "action": 0, "reward": 1, "terminal": true}                     | observation must hold at least one
            {"observation": 3, "action": 0, "reward": 1, "terminal": true}                      | observation must be an array
            {"observation": [1, "x"], "action": 0, "reward": 1, "terminal": true}               | number 1 is
            {"observation": [1e99], "action": 0, "reward": 1, "terminal": true}                 | number 0 is Infinity
            {"observation": [1], "reward": 1, "terminal": true}                                 | under 'action'
            {"observation": [1], "action": " ", "reward": 1, "terminal": true}                  | action must be a name
            {"observation": [1], "action": [0], "reward": 1, "terminal": true}                  | action must be a text
            {"observation": [1], "action": 0, "terminal": true}                                 | under 'reward'
            {"observation": [1], "action": 0, "reward": 1e999, "terminal": true}                | reward must be a finite number
            {"observation": [1], "action": 0, "rewards": [], "terminal": true}                  | rewards must hold at least one
            {"observation": [1], "action": 0, "reward": 1}                                      | must have a nextObservation
            {"observation": [1], "action": 0, "reward": 1, "nextObservation": [1, 2]}           | but have 1 and 2
            {"observation": [1], "action": 0, "reward": 1, "terminal": "yes"}                   | terminal must be true or false
            {"observation": [1], "action": 0, "reward": 1, "terminal": true, "version": 1.5}    | version must be a whole number
            {"observation": [1], "action": 0, "reward": 1, "terminal": true, "episodeReturn": "x"} | episodeReturn must be a finite number
            {"observations": [[1]], "actions": [0], "rewards": [1]}                             | one observation more
            {"observations": [[1], [2]], "actions": [0], "rewards": [1, 2]}                     | 2 rewards
            {"observations": [[1], [2, 3]], "actions": [0], "rewards": [1]}                     | but have 1 and 2
            [1]                                                                                  | must be a JSON object
            {"observation": [1, 2                                                                | but is not: Unexpected end-of-input: expected close marker for Array
            """)
    void shouldSayWhichLineIsBadAndWhy(String line, String why) throws Exception {
        String good = "{\"observation\": [1], \"action\": 0, \"reward\": 1, \"terminal\": true}\n";

        Dataset data = open(good + line + "\n" + good, 1);

        assertThat(data.items()).hasSize(2);
        assertThat(data.faults().first())
                .singleElement()
                .asString()
                .startsWith("t.jsonl:2: ")
                .doesNotContain("REDACTED")
                .contains(why);
    }

    @Test
    void shouldNeedOneTransitionAtLeast() {
        assertThatThrownBy(() -> open("\n", 1)).hasMessageContaining("JSON Lines of transitions or episodes");
    }

    /** Every step is the first step of exactly one transition, and all rewards belong to the right transitions. */
    @Property(tries = 200)
    void shouldCutEveryEpisodeIntoAsManyTransitionsAsItHasSteps(
            @ForAll @IntRange(min = 1, max = 12) int length,
            @ForAll @IntRange(min = 1, max = 6) int steps,
            @ForAll boolean terminal) {
        EpisodeCutter cutter = new EpisodeCutter(steps);
        for (int episode = 0; episode < 2; episode++) {
            int cuts = 0;
            for (int i = 0; i < length; i++) {
                boolean last = i == length - 1;
                for (EpisodeCutter.Cut cut : cutter.add(
                        new float[] {i}, "a", i, new float[] {i + 1}, last && terminal, last && !terminal, 1L)) {
                    double[] rewards = cut.transition().rewards();
                    int end = Math.min(length, cuts + steps);
                    assertThat(cut.observation().values()).containsExactly(cuts);
                    assertThat(rewards).hasSize(end - cuts);
                    assertThat(rewards[0]).isEqualTo(cuts);
                    assertThat(cut.transition().nextObservation()).containsExactly(end);
                    assertThat(cut.transition().terminal()).isEqualTo(terminal && end == length && last);
                    assertThat(cut.transition().episode())
                            .isEqualTo(cuts == length - 1 ? new Episode(length * (length - 1) / 2.0, length) : null);
                    cuts++;
                }
            }
            assertThat(cuts).isEqualTo(length);
        }
    }

    private Dataset open(String content, int steps) throws IOException {
        Path file = Files.writeString(folder.resolve("t.jsonl"), content);
        return Dataset.open(file, TaskKind.REINFORCEMENT_LEARNING, Columns.of(Reads.NUMBERS), steps);
    }
}
