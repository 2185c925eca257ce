package io.headwater.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.LimitsConfig;
import io.headwater.domain.Digest;
import io.headwater.domain.Label.TokenTags;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.Backbone;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.task.Featurizer;
import io.headwater.task.PayloadView;
import io.headwater.task.Preparation;
import io.headwater.task.Task;
import io.headwater.task.goal.TagGoal;
import io.headwater.task.text.TextPreparation;
import io.headwater.task.text.Tokenizer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExamplesTest {
    private static final List<String> TAGS = List.of("O", "B-place", "I-place");

    /** A goal for tags has no tokenizer of its own: its targets and answers come from the view that the preparation made. */
    @Test
    void shouldTokenizeATextOnceForItsTargetItsFeaturesAndTheAnswersOfAllHeads() {
        Counting preparation =
                new Counting(new TextPreparation(Tokenizer.open(TestModels.miniLmInput(16)), LimitsConfig.DEFAULT));
        try (Task task = new Task(preparation, new TagGoal(TAGS, 0))) {
            Examples examples = new Examples(task, new Featurizer(task, new Lengths(), new FeatureCache(0)));

            // When: two heads answer two samples
            for (Outcome<Example> outcome : examples.of(List.of(sample("new york"), sample("in york")))) {
                Example example = ((Outcome.Ok<Example>) outcome).value();
                for (int head = 0; head < 2; head++) {
                    float[] logits =
                            new float[TAGS.size() * example.target().symbols().size()];
                    example.scored(task.goal().decode(TAGS, logits), example.target());
                }
            }

            // Then
            assertThat(preparation.views).isEqualTo(2);
            assertThat(preparation.inputs).isEqualTo(2);
        }
    }

    private static Outcome<Examples.Pair> sample(String text) {
        return Outcome.ok(new Examples.Pair(
                new Payload.Text(text), new TokenTags(List.of(text.split(" ")), List.of("B-place", "I-place"))));
    }

    /** The real preparation, and how often it is asked. */
    private static final class Counting implements Preparation {
        private final Preparation preparation;
        private int views;
        private int inputs;

        Counting(Preparation preparation) {
            this.preparation = preparation;
        }

        @Override
        public Outcome<PayloadView> view(Payload payload) {
            views++;
            return preparation.view(payload);
        }

        @Override
        public Outcome<ModelInput> input(PayloadView view) {
            inputs++;
            return preparation.input(view);
        }

        @Override
        public void close() {
            preparation.close();
        }
    }

    /** One feature a text: its number of tokens. */
    private static final class Lengths implements Backbone {
        @Override
        public Digest digest() {
            return Digest.of(new byte[] {1});
        }

        @Override
        public int width() {
            return 1;
        }

        @Override
        public List<float[]> features(List<ModelInput> inputs) {
            return inputs.stream()
                    .map(input -> new float[] {((ModelInput.Tokens) input).ids().length})
                    .toList();
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }
}
