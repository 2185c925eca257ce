package io.headwater.predictor;

import io.headwater.domain.Digest;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.Backbone;
import io.headwater.engine.Heads;
import io.headwater.engine.ModelInput;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.engine.dense.HeadSpec;
import io.headwater.task.Goal;
import io.headwater.task.PayloadView;
import io.headwater.task.Preparation;
import io.headwater.task.goal.ClassGoal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A base model of a few lines: two features of a text, its length and its first character. Refuses empty texts. */
public final class LetterModel implements Preparation, Backbone {
    public static final int WIDTH = 2;
    public static final Digest DIGEST = Digest.of("letters".getBytes(StandardCharsets.UTF_8));
    public static final Goal GOAL = new ClassGoal(List.of(), 0);
    public static final Heads HEADS = new GraphHeads(new HeadSpec(WIDTH, 0, 0.1, 1));

    @Override
    public Outcome<ModelInput> input(PayloadView view) {
        if (view.payload() instanceof Payload.Text text && !text.text().isEmpty()) {
            return Outcome.ok(
                    new ModelInput.Tokens(text.text().chars().asLongStream().toArray()));
        }
        return Outcome.rejected(Reason.BAD_PAYLOAD, "a text must not be empty");
    }

    @Override
    public Digest digest() {
        return DIGEST;
    }

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public List<float[]> features(List<ModelInput> inputs) {
        return inputs.stream()
                .map(input -> ((ModelInput.Tokens) input).ids())
                .map(ids -> new float[] {ids.length, ids[0]})
                .toList();
    }

    @Override
    public void close() {}
}
