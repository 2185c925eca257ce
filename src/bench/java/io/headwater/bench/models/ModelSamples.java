package io.headwater.bench.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.bench.Sentences;
import io.headwater.bench.Sentences.Sentence;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.ImageInput;
import io.headwater.config.TaskKind;
import io.headwater.config.TensorInput;
import io.headwater.config.TextInput;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.ModelInput;
import io.headwater.engine.weights.ModelFiles;
import io.headwater.ops.Tasks;
import io.headwater.standalone.data.Dataset;
import io.headwater.task.Task;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** Inputs and labelled samples for base models of any kind. */
final class ModelSamples {
    private static final int MAX_TOKENIZER_BYTES = 64 << 20;
    private static final int LARGEST_IMAGE = 64;
    private static final long SEED = 29;

    private final BaseModelManifest manifest;

    ModelSamples(BaseModelManifest manifest) {
        this.manifest = manifest;
    }

    /** Returns a task that suits the input of the model. */
    TaskKind task() {
        if (manifest.input() instanceof TextInput) {
            return TaskKind.TEXT_CLASSIFICATION;
        }
        return manifest.input() instanceof ImageInput ? TaskKind.IMAGE_CLASSIFICATION : TaskKind.TENSOR_CLASSIFICATION;
    }

    /** Returns random inputs without structure. */
    List<ModelInput> random(int count) {
        Random random = new Random(SEED);
        List<ModelInput> inputs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            inputs.add(random(random));
        }
        return inputs;
    }

    private ModelInput random(Random random) {
        if (manifest.input() instanceof TextInput text) {
            int most = Math.min(text.maxTokens(), 24);
            int tokens = 1 + random.nextInt(most);
            return new ModelInput.Tokens(
                    random.longs(tokens, 0, vocabulary(text)).toArray());
        }
        if (manifest.input() instanceof ImageInput image) {
            BufferedImage noise = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
            for (int y = 0; y < image.height(); y++) {
                for (int x = 0; x < image.width(); x++) {
                    noise.setRGB(x, y, random.nextInt(1 << 24));
                }
            }
            return prepared(List.of(new Payload.EncodedImage(png(noise)))).get(0);
        }
        float[] values = new float[((TensorInput) manifest.input()).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new ModelInput.Numbers(values);
    }

    /**
     * Returns realistic inputs.
     *
     * @param data folder of real inputs; null for generated ones
     */
    List<ModelInput> real(int count, @Nullable Path data) {
        if (data != null) {
            return prepared(Dataset.open(data, task()).items().stream()
                    .limit(count)
                    .map(item -> item.payload())
                    .toList());
        }
        return prepared(IntStream.range(0, count).mapToObj(this::natural).toList());
    }

    private Payload natural(int at) {
        if (manifest.input() instanceof TextInput) {
            return new Payload.Text(Sentences.of(at + 1).get(at).text());
        }
        Random random = new Random(SEED + 100 + at);
        if (manifest.input() instanceof ImageInput image) {
            return new Payload.EncodedImage(png(picture(image, at % 2, random)));
        }
        TensorInput tensor = (TensorInput) manifest.input();
        return new Payload.Tensor(List.of(tensor.size()), numbers(tensor, at % 2, random));
    }

    private List<ModelInput> prepared(List<Payload> payloads) {
        List<ModelInput> inputs = new ArrayList<>();
        AdaptationConfig config = AdaptationConfig.of("bench", task(), "bench");
        try (Task task = Tasks.of(config, manifest)) {
            for (Payload payload : payloads) {
                if (!(task.prepare(payload) instanceof Outcome.Ok<ModelInput> ok)) {
                    throw new IllegalStateException("an input must be what the model reads, but is " + payload);
                }
                inputs.add(ok.value());
            }
        }
        return inputs;
    }

    /** Writes labelled samples of two or three classes that suit the model, and returns their path. */
    Path write(Path folder, String name, int count, long seed) throws IOException {
        Random random = new Random(seed);
        if (manifest.input() instanceof ImageInput image) {
            Path root = folder.resolve(name);
            for (int i = 0; i < count; i++) {
                Path file =
                        Files.createDirectories(root.resolve("class" + i % 2)).resolve(i + ".png");
                Files.write(file, png(picture(image, i % 2, random)));
            }
            return root;
        }
        List<String> lines = new ArrayList<>();
        List<Sentence> sentences = Sentences.of((int) seed + count);
        for (int i = 0; i < count; i++) {
            if (manifest.input() instanceof TensorInput tensor) {
                float[] numbers = numbers(tensor, i % 2, random);
                lines.add("class" + i % 2 + "\t"
                        + IntStream.range(0, numbers.length)
                                .mapToObj(at -> Float.toString(numbers[at]))
                                .collect(Collectors.joining(" ")));
            } else {
                Sentence sentence = sentences.get((int) seed + i);
                lines.add(sentence.label() + "\t" + sentence.text());
            }
        }
        return Files.write(folder.resolve(name + ".tsv"), lines);
    }

    /** Returns an image whose class is given by its brightness: bright at the top or at the bottom. */
    private static BufferedImage picture(ImageInput image, int of, Random random) {
        int width = Math.min(image.width(), LARGEST_IMAGE);
        int height = Math.min(image.height(), LARGEST_IMAGE);
        float[] light = NaturalField.of(new int[] {height, width}, random);
        float[] colour = NaturalField.of(new int[] {height, width}, random);
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            float slope = (of == 0 ? 1 : -1) * (2f * y / height - 1);
            for (int x = 0; x < width; x++) {
                float value = 128 + 60 * light[y * width + x] + 50 * slope;
                float tint = 20 * colour[y * width + x];
                picture.setRGB(x, y, bounded(value + tint) << 16 | bounded(value) << 8 | bounded(value - tint));
            }
        }
        return picture;
    }

    private static int bounded(float value) {
        return Math.max(0, Math.min(255, Math.round(value)));
    }

    private static byte[] png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new IllegalStateException("a byte array can always be written to", e);
        }
        return bytes.toByteArray();
    }

    /** Returns numbers whose class is given by their mean. */
    private static float[] numbers(TensorInput tensor, int of, Random random) {
        int[] shape = tensor.shape().stream().mapToInt(Integer::intValue).toArray();
        float[] field = NaturalField.of(shape, random);
        for (int i = 0; i < field.length; i++) {
            field[i] += of == 0 ? 0.5f : -0.5f;
        }
        return field;
    }

    private static int vocabulary(TextInput text) {
        ModelFile tokenizer = text.tokenizer();
        try {
            return words(new ObjectMapper().readTree(ModelFiles.read(tokenizer, MAX_TOKENIZER_BYTES)));
        } catch (IOException e) {
            throw new IllegalStateException("tokenizer '" + tokenizer.location() + "' must be JSON", e);
        }
    }

    private static int words(JsonNode tokenizer) {
        return tokenizer.path("model").path("vocab").size();
    }

    /**
     * Writes a tokenizer of whole words, taken from the demo's sentences, for a model without a tokenizer.
     *
     * @param size vocabulary size of the model
     */
    static Path tokenizer(Path file, int size) throws IOException {
        Map<String, Integer> words = new LinkedHashMap<>();
        words.put("[UNK]", 0);
        for (Sentence sentence : Sentences.of(300)) {
            for (String word :
                    sentence.text().toLowerCase(java.util.Locale.ROOT).split("\\W+")) {
                if (!word.isEmpty() && words.size() < size) {
                    words.putIfAbsent(word, words.size());
                }
            }
        }
        ObjectMapper json = new ObjectMapper();
        ObjectNode tokenizer = json.createObjectNode();
        tokenizer.put("version", "1.0").putNull("truncation").putNull("padding");
        tokenizer.putArray("added_tokens");
        tokenizer.putObject("normalizer").put("type", "Lowercase");
        tokenizer.putObject("pre_tokenizer").put("type", "Whitespace");
        tokenizer.putNull("post_processor").putNull("decoder");
        tokenizer
                .putObject("model")
                .put("type", "WordLevel")
                .put("unk_token", "[UNK]")
                .set("vocab", json.valueToTree(words));
        json.writeValue(file.toFile(), tokenizer);
        return file;
    }
}
