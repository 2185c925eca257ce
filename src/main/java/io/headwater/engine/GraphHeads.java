package io.headwater.engine;

import io.headwater.config.AdaptationConfig;
import java.util.Map;

/** Makes heads that are Deeplearning4j graphs on pooled features. */
public final class GraphHeads implements Heads {
    private final HeadSpec spec;
    private final HeadTraining training;

    /** Heads of the form {@code spec} that learn by {@link HeadTraining#DEFAULT}. */
    public GraphHeads(HeadSpec spec) {
        this(spec, HeadTraining.DEFAULT);
    }

    /** Heads of the form {@code spec} that learn by {@code training}. */
    public GraphHeads(HeadSpec spec, HeadTraining training) {
        this.spec = spec;
        this.training = training;
    }

    /**
     * The heads that {@code config} asks for, with a new output layer.
     *
     * @param width features of one sample
     */
    public static GraphHeads of(AdaptationConfig config, int width) {
        return of(config, width, KeptLayer.NONE);
    }

    /** As {@link #of(AdaptationConfig, int)}; new heads begin with {@code kept}. */
    static GraphHeads of(AdaptationConfig config, int width, KeptLayer kept) {
        HeadSpec spec = new HeadSpec(
                width,
                config.head().hidden(),
                config.training().learningRate(),
                config.training().seed());
        return new GraphHeads(spec, HeadTraining.of(config, kept));
    }

    @Override
    public String form() {
        return "graph head.hidden=" + spec.hidden() + " features=" + spec.inputs();
    }

    @Override
    public Head create(int outputs) {
        return GraphHead.create(spec, training, outputs);
    }

    @Override
    public Head restore(HeadState state) {
        return GraphHead.restore(spec, training, state);
    }

    @Override
    public Head answering(Map<String, Tensor.F32> parameters) {
        return GraphHead.restore(spec, HeadState.ofParameters(parameters));
    }

    /** Nothing is shared between heads. */
    @Override
    public void close() {}
}
