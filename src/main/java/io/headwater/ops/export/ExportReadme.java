package io.headwater.ops.export;

import io.headwater.config.AudioInput;
import io.headwater.config.BaseModelInput;
import io.headwater.config.ImageInput;
import io.headwater.config.Stage;
import io.headwater.config.TaskKind;
import io.headwater.config.TensorInput;
import io.headwater.config.TextInput;
import io.headwater.domain.ModelVersion;

/** Explains an exported folder to people who know ONNX Runtime, but not Headwater. */
final class ExportReadme {
    private ExportReadme() {}

    static String of(TaskKind task, BaseModelInput input, ModelVersion version) {
        return """
                # %s

                A model for %s that Headwater exported. ONNX Runtime runs it without Headwater.

                | file | content |
                | --- | --- |
                | `model.onnx` | the complete model; its metadata says from which samples it was learned |
                | `labels.json` | the names of its outputs, in their order |
                | `preprocessing.json` | how an input is prepared |
                %s| `predict.py` | prepares inputs as described and predicts; its functions can be copied |

                ```
                pip install %s
                python predict.py %s
                ```

                ## Input

                %s

                ## Output

                %s

                ## In Python

                ```python
                import json
                import numpy as np
                import onnxruntime as ort
                %s```

                `predict.py` does the same with all details.
                """.formatted(
                        version.ref(),
                        task.key().replace('-', ' '),
                        files(input),
                        packages(input),
                        argument(task, input),
                        input(input),
                        output(task),
                        snippet(task, input));
    }

    private static String files(BaseModelInput input) {
        if (input instanceof TextInput) {
            return "| `tokenizer.json` | the tokenizer, in the format of Hugging Face |\n";
        }
        return input instanceof AudioInput audio && audio.reads() instanceof Stage
                ? "| `front-end.onnx` | computes the frames that the model reads from samples |\n"
                : "";
    }

    private static String packages(BaseModelInput input) {
        return "numpy onnxruntime"
                + (input instanceof TextInput
                        ? " tokenizers"
                        : input instanceof ImageInput
                                ? " pillow"
                                : input instanceof AudioInput ? " soundfile scipy" : "");
    }

    private static String argument(TaskKind task, BaseModelInput input) {
        if (input instanceof TextInput) {
            return task == TaskKind.QUESTION_ANSWERING ? "\"a question\" \"its context\"" : "\"a text\"";
        }
        return input instanceof ImageInput ? "photo.jpg" : input instanceof AudioInput ? "sound.wav" : "\"0.5 -1 2\"";
    }

    private static String input(BaseModelInput input) {
        if (input instanceof TextInput text) {
            return """
                    A text becomes token ids with `tokenizer.json`, with its special tokens, truncated to %d tokens. `%s` takes the
                    ids, [batch, tokens]; the names of the other inputs are in `preprocessing.json`: `mask` is 1 for each token,
                    `types` are the segment ids of the tokenizer, `positions` count from 0, and inputs in `past` are empty. An empty
                    name means that the model has no such input.""".formatted(text.maxTokens(), text.ids());
        } else if (input instanceof ImageInput) {
            return """
                    An image is turned as its Exif orientation says, and transparent pixels are blended with white. It is resized to
                    `width` × `height` by bilinear interpolation with a filter that is widened when the image is shrunk, as Pillow
                    does, without regard to its aspect ratio; of an image more than twice as large, only each second, third … pixel
                    is read first, so that at least twice the size remains. From each value from 0 to 255, the `mean` of its channel
                    is subtracted, and the result is multiplied with its `scale`; both are in the order of `channels`. `layout` is
                    the order of the axes.""";
        } else if (input instanceof AudioInput) {
            return """
                    A sound is mixed down to one channel, resampled to `sample-rate`, truncated to `max-seconds`, multiplied with
                    32768 if `amplitude` is `int16`, and, if it is shorter than a window, repeated or followed by silence, as
                    `padding` says. `reads` is what the model reads: the samples (`waveform`), frames of mel bins (`log-mel`) or
                    frames that `front-end.onnx` computes (`stage`), each multiplied with `factor` and increased by `offset`, in
                    windows of `windows.size`, each `windows.step` after the one before, and a last one at the end of the sound. The
                    model reads one window at a time. Where a sound has several, `predict.py` takes the mean of their logits; this is
                    what Headwater predicts with the pooling `mean` and a linear head, and close to it otherwise.""";
        }
        return "The numbers of an observation as float32, [batch] followed by `shape`. Inputs in `zeros` are filled with zeros.";
    }

    private static String output(TaskKind task) {
        return switch (task) {
            case MULTI_LABEL_CLASSIFICATION ->
                "`probabilities`, [batch, labels]: one for each label; a label is predicted if it is above 0.5. `logits` are the"
                        + " values before the sigmoid.";
            case REGRESSION -> "`logits`, [batch, numbers]: the predicted numbers, in the order of `labels.json`.";
            case TOKEN_CLASSIFICATION ->
                "`probabilities`, [batch, tokens, tags]. The tag of a word is read at its first token.";
            case QUESTION_ANSWERING ->
                "`logits`, [batch, tokens, 2]: of the first and of the last token of the answer. The answer is the span of at most"
                        + " 30 tokens of the context with the largest sum; there is none if the sum at the first token of all is"
                        + " larger. Headwater divides long contexts; `predict.py` truncates them.";
            case REINFORCEMENT_LEARNING ->
                "`logits`, [batch, actions]: the values of the actions, or the scores of a cloned behaviour; the action is the one"
                        + " with the largest.";
            case AUTOMATIC_SPEECH_RECOGNITION ->
                "`probabilities`, [batch, frames, symbols]. The transcript is the best symbol of each frame, without repetitions and"
                        + " without output 0, which stands for none.";
            default -> "`probabilities`, [batch, classes], and `logits`, the values before the softmax.";
        };
    }

    private static String snippet(TaskKind task, BaseModelInput input) {
        String open = """

                model = ort.InferenceSession("model.onnx")
                names = json.load(open("labels.json", encoding="utf-8"))
                """;
        String feed = prepared(input);
        return imports(input)
                + open
                + (task == TaskKind.QUESTION_ANSWERING
                        ? feed.replace("\"a text\"", "\"a question\", \"its context\"")
                        : feed)
                + result(task);
    }

    private static String imports(BaseModelInput input) {
        if (input instanceof TextInput) {
            return "from tokenizers import Tokenizer\n";
        }
        return input instanceof TensorInput ? "" : "import predict  # the file in this folder\n";
    }

    private static String prepared(BaseModelInput input) {
        if (input instanceof TextInput text) {
            return """
                    tokenizer = Tokenizer.from_file("tokenizer.json")
                    tokenizer.no_padding()
                    tokenizer.enable_truncation(%d)
                    tokens = tokenizer.encode("a text")
                    feed = {"%s": np.array([tokens.ids], np.int64)}
                    %s""".formatted(
                            text.maxTokens(),
                            text.ids(),
                            named(text.mask(), "np.ones((1, len(tokens.ids)), np.int64)")
                                    + named(text.types(), "np.array([tokens.type_ids], np.int64)")
                                    + named(text.positions(), "np.arange(len(tokens.ids), dtype=np.int64)[None]")
                                    + (text.past().isEmpty()
                                            ? ""
                                            : "# predict.py shows the empty tensors of the inputs in past\n"));
        } else if (input instanceof TensorInput tensor) {
            return """
                    observation = np.zeros([1] + %s, np.float32)  # your numbers
                    feed = {"%s": observation}
                    """.formatted(tensor.shape(), tensor.name());
        } else if (input instanceof ImageInput) {
            return "feed = predict.image_inputs(model, \"photo.jpg\")\n";
        }
        AudioInput audio = (AudioInput) input;
        boolean isStage = audio.reads() instanceof Stage;
        return (isStage ? "front_end = ort.InferenceSession(\"front-end.onnx\")\n" : "front_end = None\n") + """
                windows, _, _ = predict.sound_windows("sound.wav", front_end)
                feed = predict.window_inputs(model, windows[0])
                """;
    }

    private static String named(String input, String value) {
        return input.isEmpty() ? "" : "feed[\"%s\"] = %s\n".formatted(input, value);
    }

    private static String result(TaskKind task) {
        return switch (task) {
            case REGRESSION, REINFORCEMENT_LEARNING ->
                "values = model.run([\"logits\"], feed)[0]\nprint(dict(zip(names, values[0])))\n";
            case QUESTION_ANSWERING -> """
                logits = model.run(["logits"], feed)[0][0]
                print(logits.argmax(axis=0))  # the most probable first and last token; predict.py finds the best span
                """;
            case TOKEN_CLASSIFICATION, AUTOMATIC_SPEECH_RECOGNITION ->
                "logits = model.run([\"logits\"], feed)[0][0]\nprint([names[best] for best in logits.argmax(axis=-1)])\n";
            default ->
                "probabilities = model.run([\"probabilities\"], feed)[0]\nprint(names[probabilities[0].argmax()])\n";
        };
    }
}
