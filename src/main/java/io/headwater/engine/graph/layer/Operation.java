package io.headwater.engine.graph.layer;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/**
 * The operation of a vertex; graph models consist of this closed set of operations. Each corresponds to one layer or
 * vertex of Deeplearning4j and has the weights of that layer, row-major; vectors have no leading axis of size 1.
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
     * Returns the output shape for these input shapes.
     *
     * @throws GraphException when the operation does not support them
     */
    Shape output(List<Shape> inputs);

    /** Returns the shapes of its weights by name, for these input shapes. */
    default Map<String, int[]> weights(List<Shape> inputs) {
        return Map.of();
    }

    /** Returns the only input, which must be of type {@code type}. */
    static <S extends Shape> S one(List<Shape> inputs, Class<S> type) {
        if (inputs.size() == 1 && type.isInstance(inputs.get(0))) {
            return type.cast(inputs.get(0));
        }
        throw new GraphException("it needs one input of " + type.getSimpleName() + ", but has " + inputs);
    }

    /** Returns the only input, of any type. */
    static Shape one(List<Shape> inputs) {
        return one(inputs, Shape.class);
    }

    /** Checks that a size is positive. */
    static void positive(String what, int value) {
        if (value < 1) {
            throw new GraphException(what + " must be positive, but is " + value);
        }
    }
}
