package io.headwater.adapt;

import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.engine.GraphHead;
import io.headwater.engine.Head;
import io.headwater.engine.HeadSpec;
import io.headwater.engine.HeadState;
import io.headwater.engine.Safetensors;
import io.headwater.engine.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A published head: what a version's artifact holds, and all that answering needs beside the backbone.
 *
 * @param baseModel whose features it reads
 * @param spec the form of the head
 * @param labels its classes, in the order of the logits
 * @param parameters its weights
 */
public record HeadArtifact(Digest baseModel, HeadSpec spec, List<String> labels, Map<String, Tensor.F32> parameters) {
    private static final String FORMAT = "headwater-head-1";

    public HeadArtifact {
        labels = List.copyOf(labels);
    }

    /** The bytes that are stored: safetensors, the same for the same head. */
    public byte[] toBytes() {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", FORMAT);
        SpecMetadata.put(metadata, baseModel, spec, labels);
        return Safetensors.write(parameters, metadata);
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws ArtifactException when {@code bytes} are something else
     */
    public static HeadArtifact fromBytes(byte[] bytes) {
        Safetensors.Contents file = SpecMetadata.read(bytes, FORMAT);
        Map<String, Tensor.F32> parameters = new TreeMap<>();
        file.tensors().forEach((name, tensor) -> parameters.put(name, SpecMetadata.floats(name, tensor)));
        List<String> labels = SpecMetadata.labels(file);
        Tensor.F32 bias = parameters.get("output/b");
        if (bias == null || bias.values().length != labels.size()) {
            throw new ArtifactException("a head of %d labels must have a tensor output/b of as many values, but has %s"
                    .formatted(labels.size(), bias == null ? "none" : bias.values().length));
        }
        return new HeadArtifact(SpecMetadata.baseModel(file), SpecMetadata.spec(file), labels, parameters);
    }

    /** A head to answer with; it is not meant to be trained. */
    public Head open() {
        return GraphHead.restore(spec, HeadState.ofParameters(parameters));
    }
}
