package io.headwater.engine;

import io.headwater.config.AdaptationConfig;
import java.util.Map;

/** Makes heads that are Deeplearning4j graphs on pooled features. */
public final class GraphHeads implements Heads {
    private final HeadSpec spec;

    /** Heads of the form {@code spec}. */
    public GraphHeads(HeadSpec spec) {
        this.spec = spec;
    }

    /**
     * The heads that {@code config} asks for.
     *
     * @param width features of one sample
     */
    public static GraphHeads of(AdaptationConfig config, int width) {
        return new GraphHeads(new HeadSpec(
                width,
                config.head().hidden(),
                config.training().learningRate(),
                config.training().seed()));
    }

    @Override
    public String form() {
        return "graph head.hidden=" + spec.hidden() + " features=" + spec.inputs();
    }

    @Override
    public Head create(int outputs) {
        return GraphHead.create(spec, outputs);
    }

    @Override
    public Head restore(HeadState state) {
        return GraphHead.restore(spec, state);
    }

    @Override
    public Head answering(Map<String, Tensor.F32> parameters) {
        return GraphHead.restore(spec, HeadState.ofParameters(parameters));
    }

    /** Nothing is shared between heads. */
    @Override
    public void close() {}
}
