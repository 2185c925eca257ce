package io.headwater.config;

import io.headwater.domain.Digest;
import java.util.List;

/**
 * All that is known of a base model; the only place that knows its preprocessing. Read from YAML by
 * {@link BaseModelFile}. A value outside its range is an {@link IllegalArgumentException} that names the key.
 *
 * @param name of the base model
 * @param licence SPDX identifier, or what is stated
 * @param family of architectures that it belongs to, such as bert; empty when it is not stated
 * @param model the ONNX file
 * @param files further files that the ONNX file keeps weights in
 * @param input what goes in
 * @param cut the tensor where the model is divided: everything below it is the backbone
 * @param blocks from the top down, where the model would be cut for its top N blocks to be trained: entry N − 1, a tensor or
 *     several joined by '+'; empty when they are not known
 * @param pooling how the tensor at the cut becomes one feature vector
 * @param normalise whether the feature vector is scaled to unit length
 * @param labels the classes of the model's own output layer, in the order of its outputs: at least 2, none twice; empty
 *     when it has none or they are not stated
 */
public record BaseModelManifest(
        String name,
        String licence,
        String family,
        ModelFile model,
        List<ModelFile> files,
        Input input,
        String cut,
        List<String> blocks,
        Pooling pooling,
        boolean normalise,
        List<String> labels) {

    public BaseModelManifest {
        BaseModelKeys.NAME.check(name);
        BaseModelKeys.LICENCE.check(licence);
        if (!family.isEmpty()) {
            BaseModelKeys.FAMILY.check(family);
        }
        files = List.copyOf(files);
        BaseModelKeys.CUT.check(cut);
        blocks = BaseModelKeys.BLOCKS.check(List.copyOf(blocks));
        labels = BaseModelKeys.LABELS.check(List.copyOf(labels));
    }

    /** A base model of which no classes are stated. */
    public BaseModelManifest(
            String name,
            String licence,
            String family,
            ModelFile model,
            List<ModelFile> files,
            Input input,
            String cut,
            List<String> blocks,
            Pooling pooling,
            boolean normalise) {
        this(name, licence, family, model, files, input, cut, blocks, pooling, normalise, List.of());
    }

    /** A base model of one file, of which neither family nor blocks are stated. */
    public BaseModelManifest(
            String name, String licence, ModelFile model, Input input, String cut, Pooling pooling, boolean normalise) {
        this(name, licence, "", model, List.of(), input, cut, List.of(), pooling, normalise);
    }

    /** The same base model with these classes of its own output layer. */
    public BaseModelManifest withLabels(List<String> other) {
        return new BaseModelManifest(
                name, licence, family, model, files, input, cut, blocks, pooling, normalise, other);
    }

    /**
     * A file of the base model.
     *
     * @param location an absolute path, or {@code classpath:name}
     * @param digest what it must hash to
     */
    public record ModelFile(String location, Digest digest) {
        public ModelFile {
            if (!Locations.isAbsolute(location)) {
                throw new IllegalArgumentException(
                        "location must be classpath:name or an absolute path, but is '" + location + "'");
            }
        }
    }

    /** What goes in. */
    public sealed interface Input permits TextInput, ImageInput, TensorInput, AudioInput {}

    /**
     * Text, as the token ids of a tokenizer in the Hugging Face format.
     *
     * @param tokenizer its {@code tokenizer.json}
     * @param maxTokens tokens beyond this are cut off, 2 to 8192
     * @param ids name of the int64 or int32 input of shape [batch, tokens] for the token ids
     * @param mask name of the input for 1 on real tokens and 0 on padding; empty when the model has none
     * @param types name of the input for the segment ids; empty when the model has none
     * @param positions name of the input for the positions from 0; empty when the model has none
     * @param past names of the float inputs for keys and values of earlier tokens, which are fed none
     */
    public record TextInput(
            ModelFile tokenizer,
            int maxTokens,
            String ids,
            String mask,
            String types,
            String positions,
            List<String> past)
            implements Input {
        public TextInput {
            BaseModelKeys.MAX_TOKENS.check(maxTokens);
            BaseModelKeys.IDS.check(ids);
            if (!mask.isEmpty()) {
                BaseModelKeys.MASK.check(mask);
            }
            if (!types.isEmpty()) {
                BaseModelKeys.TYPES.check(types);
            }
            if (!positions.isEmpty()) {
                BaseModelKeys.POSITIONS.check(positions);
            }
            past = BaseModelKeys.PAST.check(List.copyOf(past));
        }

        /** Text for an encoder, which knows positions by itself and has no past. */
        public TextInput(ModelFile tokenizer, int maxTokens, String ids, String mask, String types) {
            this(tokenizer, maxTokens, ids, mask, types, "", List.of());
        }
    }

    /**
     * An image: resized to width × height, each channel c becomes (value − mean[c]) × scale[c], where value is 0 to 255.
     *
     * @param name of the model's input, float32 or float16, of rank 4
     * @param width in pixels, 1 to 4096
     * @param height in pixels, 1 to 4096
     * @param layout order of the axes
     * @param channels order of the channels
     * @param mean three finite values, in the order of the channels
     * @param scale three finite values other than 0, in the order of the channels
     */
    public record ImageInput(
            String name, int width, int height, Layout layout, Channels channels, List<Double> mean, List<Double> scale)
            implements Input {
        public ImageInput {
            BaseModelKeys.INPUT.check(name);
            BaseModelKeys.WIDTH.check(width);
            BaseModelKeys.HEIGHT.check(height);
            mean = BaseModelKeys.MEAN.check(List.copyOf(mean));
            scale = BaseModelKeys.SCALE.check(List.copyOf(scale));
        }
    }

    /**
     * Numbers that are ready for the model.
     *
     * @param name of the model's input, float32 or float16, whose first axis is the batch
     * @param shape of one input, without the batch axis: 1 to 15 sizes, at most 4,194,304 values in all
     * @param zeros names of further inputs, which are fed zeros
     */
    public record TensorInput(String name, List<Integer> shape, List<String> zeros) implements Input {
        public TensorInput {
            BaseModelKeys.INPUT.check(name);
            shape = BaseModelKeys.SHAPE.check(List.copyOf(shape));
            BaseModelKeys.tooManyValues(shape).ifPresent(fault -> {
                throw new IllegalArgumentException(fault);
            });
            zeros = BaseModelKeys.ZEROS.check(List.copyOf(zeros));
        }

        /** How many numbers one input has. */
        public int size() {
            return shape.stream().reduce(1, (a, b) -> a * b);
        }
    }

    /** Order of the axes of an image tensor. */
    public enum Layout {
        /** Batch, channels, height, width. */
        NCHW,
        /** Batch, height, width, channels. */
        NHWC
    }

    /** Order of the channels of an image tensor. */
    public enum Channels {
        /** Red first. */
        RGB,
        /** Blue first. */
        BGR
    }

    /** How the tensor at the cut becomes one feature vector. */
    public enum Pooling {
        /** It is [batch, width] already, or has only axes of size 1 beside these. */
        NONE,
        /** Mean over the real tokens of [batch, tokens, width], or over the positions of an image feature map. */
        MEAN,
        /** The first token of [batch, tokens, width]. */
        FIRST,
        /** The last real token of [batch, tokens, width]. */
        LAST
    }
}
