package io.headwater.engine.dense;

import io.headwater.config.AdaptationConfig;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.Heads;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.weights.Tensor;
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
     * The heads that {@code config} asks for, with a new output layer that tells classes apart.
     *
     * @param width features of one sample
     */
    public static GraphHeads of(AdaptationConfig config, int width) {
        return of(config, width, OutputLayer.CLASSES, PretrainedOutputLayer.NONE);
    }

    /**
     * The heads that {@code config} asks for.
     *
     * @param width features of one sample, or of each of its positions
     * @param output what the output layer is for
     * @param kept what new heads begin with
     */
    public static GraphHeads of(AdaptationConfig config, int width, OutputLayer output, PretrainedOutputLayer kept) {
        HeadSpec spec = new HeadSpec(
                width,
                config.head().hidden(),
                config.training().learningRate(),
                config.training().seed(),
                output);
        return new GraphHeads(spec, HeadTraining.of(config, kept));
    }

    @Override
    public int inputs() {
        return spec.inputs();
    }

    @Override
    public int rows(float[] features) {
        return features.length / spec.inputs();
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
