package io.headwater.adapt.race;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.GuardConfig;
import io.headwater.config.TaskKind;
import io.headwater.engine.SplitMix64;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import io.headwater.task.goal.TagGoal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tests a race on samples of several rows, of which some have no target. */
class TagRaceTest {
    private static final int WIDTH = 4;
    private static final int ROWS = 5;
    private static final List<String> TAGS = List.of("O", "B-mood", "B-taste");

    private final AdaptationConfig config = AdaptationConfig.of("tags", TaskKind.TOKEN_CLASSIFICATION, "minilm");
    private final Goal goal = new TagGoal(TAGS, 0);

    private record Text(float[] features, Target target) {}

    @Test
    void shouldPredictTheTagOfEachRow() {
        LaneMemory memory = LaneMemory.empty(config.withGuard(GuardConfig.NONE), goal);
        Race race = Race.untrained(config, goal, WIDTH);
        for (int step = 0; step < 30; step++) {
            List<Text> texts = texts(step, 4);
            race.observe(
                    memory,
                    texts.stream().map(Text::features).toArray(float[][]::new),
                    texts.stream().map(Text::target).toList());
            List<StoredSample> samples = new ArrayList<>();
            for (Text text : texts) {
                samples.addAll(memory.accept(text.features(), text.target(), new float[0]));
            }
            SplitMix64 random = memory.random();
            memory.count(samples);
            race.learn(samples, memory, List.of());
            memory.endStep(samples, random);
        }

        assertThat(race.qualities().get("stacked")).isGreaterThan(0.8);
        for (Text text : texts(99, 50)) {
            assertThat(race.predictions(memory, new float[][] {text.features()})
                            .get(0)
                            .score(text.target()))
                    .isEqualTo(1);
        }
    }

    /** Rows around the axis of their tag; the first row is no word. */
    private static List<Text> texts(long seed, int count) {
        Random random = new Random(seed);
        List<Text> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] features = new float[ROWS * WIDTH];
            List<String> symbols = new ArrayList<>(List.of(""));
            for (int row = 1; row < ROWS; row++) {
                int tag = random.nextInt(TAGS.size());
                symbols.add(TAGS.get(tag));
                for (int f = 0; f < WIDTH; f++) {
                    features[row * WIDTH + f] = (float) (random.nextGaussian() / 8) + (f == tag ? 1 : 0);
                }
            }
            texts.add(new Text(features, Target.of(symbols)));
        }
        return texts;
    }
}
