package io.headwater.engine.graph.layer;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/**
 * What a vertex does: the closed set that graph models are made of. Each is one layer or vertex of Deeplearning4j, and
 * its weights are that layer's, row-major, without leading axes of size 1 before a vector.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Activate.class, name = "activation"),
    @JsonSubTypes.Type(value = BatchNorm.class, name = "batchNorm"),
    @JsonSubTypes.Type(value = Combine.class, name = "combine"),
    @JsonSubTypes.Type(value = Convolution.class, name = "convolution"),
    @JsonSubTypes.Type(value = Crop.class, name = "cropping"),
    @JsonSubTypes.Type(value = Dense.class, name = "dense"),
    @JsonSubTypes.Type(value = Dropout.class, name = "dropout"),
    @JsonSubTypes.Type(value = Embedding.class, name = "embedding"),
    @JsonSubTypes.Type(value = GlobalPool.class, name = "globalPooling"),
    @JsonSubTypes.Type(value = LastStep.class, name = "lastStep"),
    @JsonSubTypes.Type(value = Pad.class, name = "zeroPadding"),
    @JsonSubTypes.Type(value = Recurrent.class, name = "recurrent"),
    @JsonSubTypes.Type(value = Reshape.class, name = "reshape"),
    @JsonSubTypes.Type(value = Upsample.class, name = "upsampling"),
    @JsonSubTypes.Type(value = WindowPool.class, name = "pooling")
})
public sealed interface Operation
        permits Activate,
                BatchNorm,
                Combine,
                Convolution,
                Crop,
                Dense,
                Dropout,
                Embedding,
                GlobalPool,
                LastStep,
                Pad,
                Recurrent,
                Reshape,
                Upsample,
                WindowPool {

    /**
     * What it makes of its inputs.
     *
     * @throws GraphException when they do not fit
     */
    Shape output(List<Shape> inputs);

    /** The shapes of its weights by name, for these inputs. */
    default Map<String, int[]> weights(List<Shape> inputs) {
        return Map.of();
    }

    /** The one input of shape {@code type}. */
    static <S extends Shape> S one(List<Shape> inputs, Class<S> type) {
        if (inputs.size() == 1 && type.isInstance(inputs.get(0))) {
            return type.cast(inputs.get(0));
        }
        throw new GraphException("it needs one input of " + type.getSimpleName() + ", but has " + inputs);
    }

    /** The one input, whatever it is. */
    static Shape one(List<Shape> inputs) {
        return one(inputs, Shape.class);
    }

    /** A count that sizes a tensor, positive. */
    static void positive(String what, int value) {
        if (value < 1) {
            throw new GraphException(what + " must be positive, but is " + value);
        }
    }
}
