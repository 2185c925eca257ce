package io.headwater.engine.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.headwater.config.BaseModelManifest.Pooling;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What exporters of Hugging Face's libraries write beside a model: the length of texts, the preprocessing of images, and the pooling
 * of sentence encoders and decoders. A file that is missing, damaged or larger than 1 MiB says nothing.
 */
final class HubFiles {
    private static final int MAX_BYTES = 1 << 20;
    private static final double WHITE = 255;
    /** Far from every value that makes sense. */
    private static final double LARGEST = 1e6;

    private static final int LONGEST_SIDE = 4096;
    /** What tokenizers without a limit state is a huge number. */
    private static final int LONGEST = 8192;

    /** Models of texts, as their files name them, whose tokens see only those before them. */
    private static final Set<String> DECODERS = Set.of(
            "gpt2",
            "gpt_neo",
            "gpt_neox",
            "gptj",
            "opt",
            "bloom",
            "llama",
            "mistral",
            "qwen2",
            "qwen3",
            "phi",
            "phi3",
            "gemma",
            "gemma2",
            "falcon",
            "stablelm");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<Path> folders;

    /** Creates an instance for {@code folders}, in which a file is searched in this order. */
    private HubFiles(List<Path> folders) {
        this.folders = folders;
    }

    /** Returns those beside the model in {@code file}, and above it where it is in a folder {@code onnx}. */
    static HubFiles beside(Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        Path above = folder == null ? null : folder.getParent();
        if (folder == null) {
            return none();
        }
        return new HubFiles(
                above != null && String.valueOf(folder.getFileName()).equals("onnx")
                        ? List.of(folder, above)
                        : List.of(folder));
    }

    /** Returns those of a model of which only its file is known. */
    static HubFiles none() {
        return new HubFiles(List.of());
    }

    /**
     * The preprocessing of pixels, as Headwater computes it: (value - mean) times scale, for values from 0 to 255.
     *
     * @param mean of each channel, red first
     * @param scale of each channel, red first
     * @param height rows; empty if not stated
     * @param width columns; empty if not stated
     */
    record Pixels(List<Double> mean, List<Double> scale, OptionalInt height, OptionalInt width) {}

    /** Returns the tokenizer beside the model; the place where it should be if there is none. */
    Path tokenizer() {
        return List.of("tokenizer.json", "vocab.txt").stream()
                .flatMap(name -> folders.stream().map(folder -> folder.resolve(name)))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse((folders.isEmpty() ? Path.of("") : folders.get(0)).resolve("tokenizer.json"));
    }

    /** Returns the maximum number of tokens of a text; empty if it is not stated. */
    OptionalInt tokens() {
        return List.of(
                        read("sentence_bert_config.json").path("max_seq_length"),
                        read("tokenizer_config.json").path("model_max_length"))
                .stream()
                .filter(JsonNode::isNumber)
                .mapToDouble(JsonNode::doubleValue)
                .filter(length -> length >= 2 && length <= LONGEST)
                .mapToInt(length -> (int) length)
                .findFirst();
    }

    /**
     * Returns how a sentence encoder pools its last hidden state, and the last token for a decoder, whose other tokens have not
     * seen the whole text; empty if it is neither, or in no way that a manifest can state.
     */
    Optional<Pooling> pooling() {
        Optional<Pooling> ofSentences = ofSentences();
        return ofSentences.isPresent() || !isDecoder() ? ofSentences : Optional.of(Pooling.LAST);
    }

    private boolean isDecoder() {
        JsonNode config = read("config.json");
        boolean named = DECODERS.contains(config.path("model_type").asText());
        for (JsonNode architecture : config.path("architectures")) {
            named |= architecture.asText().endsWith("ForCausalLM");
        }
        return named || config.path("is_decoder").asBoolean();
    }

    private Optional<Pooling> ofSentences() {
        JsonNode config = read("1_Pooling/config.json");
        boolean isMean = config.path("pooling_mode_mean_tokens").asBoolean();
        boolean isFirst = config.path("pooling_mode_cls_token").asBoolean();
        boolean isLast = config.path("pooling_mode_lasttoken").asBoolean();
        if ((isMean ? 1 : 0) + (isFirst ? 1 : 0) + (isLast ? 1 : 0) != 1) {
            return Optional.empty();
        }
        return Optional.of(isMean ? Pooling.MEAN : isFirst ? Pooling.FIRST : Pooling.LAST);
    }

    /** Returns whether a sentence encoder scales its vectors to unit length. */
    boolean normalises() {
        for (JsonNode module : read("modules.json")) {
            if (module.path("type").asText().endsWith(".Normalize")) {
                return true;
            }
        }
        return false;
    }

    /** Returns the preprocessing of images; empty if it is not stated, or not one value for each of three channels. */
    Optional<Pixels> pixels() {
        JsonNode config = read("preprocessor_config.json");
        if (!config.has("image_mean") && !config.has("do_normalize") && !config.has("rescale_factor")) {
            return Optional.empty();
        }
        double factor = config.path("do_rescale").asBoolean(true)
                ? config.path("rescale_factor").asDouble(1 / WHITE)
                : 1;
        boolean isNormal = config.path("do_normalize").asBoolean(true);
        List<Double> mean = new ArrayList<>();
        List<Double> scale = new ArrayList<>();
        for (int channel = 0; channel < 3; channel++) {
            JsonNode of = config.path("image_mean").path(channel);
            JsonNode deviation = config.path("image_std").path(channel);
            if (isNormal && (!of.isNumber() || !(deviation.asDouble() > 0))) {
                return Optional.empty();
            }
            mean.add(isNormal ? of.asDouble() / factor : 0);
            scale.add(isNormal ? factor / deviation.asDouble() : factor);
        }
        boolean isUsable = mean.stream().allMatch(one -> Math.abs(one) <= LARGEST)
                && scale.stream().allMatch(one -> one >= 1 / LARGEST && one <= LARGEST);
        JsonNode size = config.path("do_center_crop").asBoolean() ? config.path("crop_size") : config.path("size");
        return isUsable
                ? Optional.of(new Pixels(mean, scale, side(size, "height"), side(size, "width")))
                : Optional.empty();
    }

    private static OptionalInt side(JsonNode size, String name) {
        JsonNode side = size.isNumber() ? size : size.path(name);
        return side.isInt() && side.intValue() > 0 && side.intValue() <= LONGEST_SIDE
                ? OptionalInt.of(side.intValue())
                : OptionalInt.empty();
    }

    private JsonNode read(String name) {
        for (Path folder : folders) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                try (InputStream in = Files.newInputStream(file)) {
                    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
                    return bytes.length > MAX_BYTES ? MissingNode.getInstance() : JSON.readTree(bytes);
                } catch (IOException e) {
                    return MissingNode.getInstance(); // the draft is as if the file were not there
                }
            }
        }
        return MissingNode.getInstance();
    }
}
