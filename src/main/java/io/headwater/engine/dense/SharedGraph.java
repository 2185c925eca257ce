package io.headwater.engine.dense;

import org.jspecify.annotations.Nullable;

/** A graph that computes the logits of several heads of the same layout, one after another. Safe for use by several threads. */
final class SharedGraph implements AutoCloseable {
    private final GraphHead graph;
    private float @Nullable [] loaded;

    SharedGraph(GraphHead graph) {
        this.graph = graph;
    }

    int inputs() {
        return graph.inputs();
    }

    int outputs() {
        return graph.outputs();
    }

    /**
     * Returns the logits of a head.
     *
     * @param parameters its parameters in the order of {@link HeadLayout#flat}; the same array stands for the same parameters
     */
    @SuppressWarnings(
            "ReferenceEquality") // an array is never changed, and comparing its values would take longer than copying
    synchronized float[][] logits(float[] parameters, float[][] features) {
        if (loaded != parameters) {
            graph.setFlat(parameters);
            loaded = parameters;
        }
        return graph.logits(features);
    }

    @Override
    public void close() {
        graph.close();
    }
}
