package io.headwater.engine.dense;

import io.headwater.config.AdaptationConfig;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.Heads;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.device.Nd4jRuntime;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Creates heads that are Deeplearning4j graphs over pooled features or over the features of each position. */
public final class GraphHeads implements Heads {
    private final HeadSpec spec;
    private final HeadTraining training;

    /** The graphs of the heads that only answer. */
    private final Map<HeadLayout, SharedGraph> graphs = new ConcurrentHashMap<>();

    /** Creates heads of the form {@code spec}, trained with {@link HeadTraining#DEFAULT}. */
    public GraphHeads(HeadSpec spec) {
        this(spec, HeadTraining.DEFAULT);
    }

    /** Creates heads of the form {@code spec}, trained with {@code training}. */
    public GraphHeads(HeadSpec spec, HeadTraining training) {
        this.spec = spec;
        this.training = training;
    }

    /**
     * Returns the heads that {@code config} describes, with a new output layer for classification.
     *
     * @param width the number of features of one sample, or of each of its positions
     */
    public static GraphHeads of(AdaptationConfig config, int width) {
        return of(config, width, OutputLayer.CLASSES.recalling(config), PretrainedOutputLayer.NONE);
    }

    /**
     * Returns the heads that {@code config} describes.
     *
     * @param width the number of features of one sample, or of each of its positions
     * @param output the output layer of the task
     * @param kept the output layer that new heads start from
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
    public boolean linear() {
        return spec.hidden() == 0 && training.kept().equals(PretrainedOutputLayer.NONE);
    }

    @Override
    public Head create(int outputs) {
        HeadState first = HeadGrowth.first(spec, outputs);
        return restore(HeadState.ofParameters(training.kept().in(first.parameters())));
    }

    @Override
    public Head restore(HeadState state) {
        return FoldedHead.suits(training)
                ? FoldedHead.restore(spec, training, state)
                : GraphHead.restore(spec, training, FoldedHead.unfolded(state));
    }

    @Override
    public Head answering(Map<String, Tensor.F32> parameters) {
        HeadState state = HeadState.ofParameters(parameters);
        HeadLayout layout = HeadLayout.of(spec, state);
        if (layout.hidden() == 0 && Nd4jRuntime.sharesMemory()) {
            return new AnsweringLayer(layout, spec.output().everyPosition(), parameters);
        }
        SharedGraph shared = graphs.computeIfAbsent(layout, none -> new SharedGraph(GraphHead.restore(spec, state)));
        return new AnsweringHead(shared, layout, parameters);
    }

    @Override
    public void close() {
        graphs.values().forEach(SharedGraph::close);
        graphs.clear();
    }
}
