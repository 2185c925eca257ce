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
        BaseModelInput input,
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
            BaseModelInput input,
            String cut,
            List<String> blocks,
            Pooling pooling,
            boolean normalise) {
        this(name, licence, family, model, files, input, cut, blocks, pooling, normalise, List.of());
    }

    /** A base model of one file, of which neither family nor blocks are stated. */
    public BaseModelManifest(
            String name,
            String licence,
            ModelFile model,
            BaseModelInput input,
            String cut,
            Pooling pooling,
            boolean normalise) {
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
