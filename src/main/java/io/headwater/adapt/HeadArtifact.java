package io.headwater.adapt;

import io.headwater.adapt.ask.Committee;
import io.headwater.adapt.state.ArtifactMetadata;
import io.headwater.adapt.state.FromArtifact;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.engine.Head;
import io.headwater.engine.Heads;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A published head: the content of a version's artifact, and everything besides the backbone that predictions need.
 *
 * @param baseModel base model whose features are its input
 * @param form structure that all heads of its adaptation share: {@link Heads#form}
 * @param labels its classes, in the order of the logits
 * @param parameters its weights
 * @param aligned whether the weights use samples without a label
 * @param seen how the features of the samples of its lane are distributed; null when nothing is answered by that
 * @param committee the other contenders of its lane; null when nobody asks whether they disagree, or there are none
 */
public record HeadArtifact(
        Digest baseModel,
        String form,
        List<String> labels,
        Map<String, Tensor.F32> parameters,
        boolean aligned,
        @Nullable SeenFeatures seen,
        @Nullable Committee committee) {
    private static final String FORMAT = "headwater-head-1";
    private static final String ADAPTED = "adapted";
    private static final String ALIGNED = "aligned";

    public HeadArtifact {
        labels = List.copyOf(labels);
    }

    /** Creates a head that was learned from samples with labels. */
    public HeadArtifact(Digest baseModel, String form, List<String> labels, Map<String, Tensor.F32> parameters) {
        this(baseModel, form, labels, parameters, false, null, null);
    }

    /** Returns the bytes to store, in safetensors format; equal heads have equal bytes. */
    public byte[] toBytes() {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", FORMAT);
        ArtifactMetadata.put(metadata, baseModel, form, labels);
        if (aligned) {
            metadata.put(ADAPTED, ALIGNED);
        }
        Map<String, Tensor.F32> tensors = new TreeMap<>(parameters);
        if (seen != null) {
            tensors.putAll(seen.tensors());
        }
        if (committee != null) {
            tensors.putAll(committee.tensors());
        }
        return Safetensors.write(tensors, metadata);
    }

    /**
     * Parses the bytes that {@link #toBytes} returns.
     *
     * @throws ArtifactException when {@code bytes} are not a head artifact
     */
    public static HeadArtifact fromBytes(byte[] bytes) {
        Safetensors.Contents file = ArtifactMetadata.read(bytes, FORMAT);
        Map<String, Tensor.F32> parameters = new TreeMap<>();
        Map<String, Tensor.F32> others = new TreeMap<>();
        file.tensors()
                .forEach((name, tensor) -> (Committee.isPart(name) ? others : parameters)
                        .put(name, ArtifactMetadata.floats(name, tensor)));
        SeenFeatures seen = SeenFeatures.takeFrom(parameters);
        List<String> labels = ArtifactMetadata.labels(file);
        Tensor.F32 bias = parameters.get("output/b");
        if (bias == null || bias.values().length != labels.size()) {
            throw new ArtifactException("a head of %d labels must have a tensor output/b of as many values, but has %s"
                    .formatted(labels.size(), bias == null ? "none" : bias.values().length));
        }
        return new HeadArtifact(
                ArtifactMetadata.baseModel(file),
                ArtifactMetadata.form(file),
                labels,
                parameters,
                ALIGNED.equals(file.metadata().get(ADAPTED)),
                seen,
                others.isEmpty() ? null : Committee.read(others));
    }

    /**
     * Creates a head for predictions; it is not intended for training.
     *
     * @throws ArtifactException when {@code heads} creates heads of another form, or the weights do not match the form, or the head
     *     says what its lane has seen of another number of features, or what contenders of other features or classes are
     */
    public Head open(Heads heads) {
        if (!form.equals(heads.form())) {
            throw new ArtifactException(
                    "a head must have the form '%s' of its adaptation, but has '%s'; give the adaptation a new name"
                            .formatted(heads.form(), form));
        }
        if (seen != null && seen.means().length != heads.inputs()) {
            throw new ArtifactException(
                    "a head must say of each feature that it reads what its lane has seen, but says it of %d features and reads %d; its artifact is damaged, or of another base model"
                            .formatted(seen.means().length, heads.inputs()));
        }
        if (committee != null && (committee.inputs() != heads.inputs() || committee.outputs() != labels.size())) {
            throw new ArtifactException(
                    "the other contenders of a head must read its %d features and have its %d labels, but read %d and have %d; its artifact is damaged"
                            .formatted(heads.inputs(), labels.size(), committee.inputs(), committee.outputs()));
        }
        return FromArtifact.restored(
                "an artifact must hold a head of the form '" + form + "'", () -> heads.answering(parameters));
    }
}
