package io.headwater.ops;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.AudioInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.ImageInput;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TensorInput;
import io.headwater.config.TextInput;
import io.headwater.task.Goal;
import io.headwater.task.Preparation;
import io.headwater.task.Task;
import io.headwater.task.TensorPreparation;
import io.headwater.task.goal.ActionValueGoal;
import io.headwater.task.goal.AnswerGoal;
import io.headwater.task.goal.ClassGoal;
import io.headwater.task.goal.ImitationGoal;
import io.headwater.task.goal.MultiLabelGoal;
import io.headwater.task.goal.QuestionPreparation;
import io.headwater.task.goal.QuestionReader;
import io.headwater.task.goal.RegressionGoal;
import io.headwater.task.goal.TagGoal;
import io.headwater.task.goal.TranscriptGoal;
import io.headwater.task.image.ImagePreparation;
import io.headwater.task.sound.AudioPreparation;
import io.headwater.task.text.TextPreparation;
import io.headwater.task.text.Tokenizer;
import java.util.List;

/** Creates the task of an adaptation. */
public final class Tasks {
    private Tasks() {}

    /**
     * Creates the task of {@code adaptation} with the preprocessing of {@code base}.
     *
     * @throws IllegalArgumentException when the base model does not support the input of the task, or the labels do not
     *     fit the task
     * @throws io.headwater.domain.ArtifactException when the tokenizer file is missing or does not match its digest
     */
    public static Task of(AdaptationConfig adaptation, BaseModelManifest base) {
        List<String> labels = adaptation.labels();
        double smoothing = adaptation.training().labelSmoothing();
        return switch (adaptation.task()) {
            case TEXT_CLASSIFICATION ->
                new Task(text(adaptation, input(adaptation, base, TextInput.class)), new ClassGoal(labels, smoothing));
            case IMAGE_CLASSIFICATION ->
                new Task(
                        image(adaptation, input(adaptation, base, ImageInput.class)), new ClassGoal(labels, smoothing));
            case TENSOR_CLASSIFICATION ->
                new Task(
                        new TensorPreparation(input(adaptation, base, TensorInput.class)),
                        new ClassGoal(labels, smoothing));
            case MULTI_LABEL_CLASSIFICATION -> {
                Goal goal = new MultiLabelGoal(labels);
                yield new Task(any(adaptation, base), goal);
            }
            case REGRESSION -> new Task(any(adaptation, base), new RegressionGoal(labels));
            case REINFORCEMENT_LEARNING ->
                new Task(new TensorPreparation(input(adaptation, base, TensorInput.class)), policy(adaptation));
            case TOKEN_CLASSIFICATION -> tags(adaptation, input(adaptation, base, TextInput.class));
            case QUESTION_ANSWERING -> {
                TextInput input = input(adaptation, base, TextInput.class);
                boolean onePassage = adaptation.strategy().strategy() != Strategy.LINEAR_PROBE;
                QuestionReader reader =
                        new QuestionReader(Tokenizer.whole(input), input.maxTokens(), onePassage, adaptation.limits());
                yield new Task(new QuestionPreparation(reader), new AnswerGoal());
            }
            case AUTOMATIC_SPEECH_RECOGNITION -> {
                Preparation preparation = audio(adaptation, input(adaptation, base, AudioInput.class));
                yield new Task(preparation, transcripts(adaptation));
            }
            case AUDIO_CLASSIFICATION ->
                new Task(
                        audio(adaptation, input(adaptation, base, AudioInput.class)), new ClassGoal(labels, smoothing));
        };
    }

    /** Creates the goal of an adaptation whose task is reinforcement learning. */
    public static Goal policy(AdaptationConfig adaptation) {
        return switch (adaptation.reinforcement().algorithm()) {
            case DOUBLE_DQN -> new ActionValueGoal(adaptation.labels(), adaptation.reinforcement());
            case BEHAVIOUR_CLONING ->
                new ImitationGoal(adaptation.labels(), adaptation.training().labelSmoothing());
        };
    }

    private static Task tags(AdaptationConfig adaptation, TextInput input) {
        Tokenizer tokenizer = Tokenizer.open(input);
        try {
            Goal goal = new TagGoal(adaptation.labels(), adaptation.training().labelSmoothing());
            return new Task(new TextPreparation(tokenizer, adaptation.limits()), goal);
        } catch (IllegalArgumentException e) {
            tokenizer.close();
            throw new IllegalArgumentException(
                    "'labels' of adaptation '" + adaptation.name() + "': " + e.getMessage(), e);
        }
    }

    private static Goal transcripts(AdaptationConfig adaptation) {
        try {
            return new TranscriptGoal(adaptation.labels(), adaptation.head().beamWidth());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'labels' of adaptation '" + adaptation.name() + "': " + e.getMessage(), e);
        }
    }

    /** Creates the preparation for the input type of the base model. */
    private static Preparation any(AdaptationConfig adaptation, BaseModelManifest base) {
        if (base.input() instanceof TextInput text) {
            return text(adaptation, text);
        }
        if (base.input() instanceof ImageInput image) {
            return image(adaptation, image);
        }
        if (base.input() instanceof AudioInput audio) {
            return audio(adaptation, audio);
        }
        return new TensorPreparation((TensorInput) base.input());
    }

    private static Preparation audio(AdaptationConfig adaptation, AudioInput input) {
        return new AudioPreparation(input, adaptation.limits());
    }

    private static Preparation text(AdaptationConfig adaptation, TextInput input) {
        return new TextPreparation(Tokenizer.open(input), adaptation.limits());
    }

    private static Preparation image(AdaptationConfig adaptation, ImageInput input) {
        return new ImagePreparation(input, adaptation.limits());
    }

    private static <T> T input(AdaptationConfig adaptation, BaseModelManifest base, Class<T> kind) {
        if (kind.isInstance(base.input())) {
            return kind.cast(base.input());
        }
        String read = kind == TextInput.class
                ? "text"
                : kind == ImageInput.class ? "images" : kind == AudioInput.class ? "audio" : "tensors";
        throw new IllegalArgumentException("task '" + adaptation.task().key() + "' of adaptation '" + adaptation.name()
                + "' needs a base model that reads " + read + ", but '" + base.name()
                + "' does not; choose another base or task");
    }
}
