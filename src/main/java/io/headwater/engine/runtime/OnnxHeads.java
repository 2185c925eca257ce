package io.headwater.engine.runtime;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ConfigurationException;
import io.headwater.config.TopConfig;
import io.headwater.config.TopConfig.BatchStatistics;
import io.headwater.engine.BackboneException;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.Heads;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.PretrainedClassifier;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.device.Compute;
import io.headwater.engine.device.Nd4jRuntime;
import io.headwater.engine.learn.DropoutMask;
import io.headwater.engine.top.BatchNormNodes;
import io.headwater.engine.top.Features;
import io.headwater.engine.top.Parameter;
import io.headwater.engine.top.Segment;
import io.headwater.engine.top.TopBuilder;
import io.headwater.engine.top.TopException;
import io.headwater.engine.top.TopGraph;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Creates heads that are the part of an ONNX model above a cut. They share the sessions; each head passes its own
 * weights to them.
 */
final class OnnxHeads implements Heads {
    private final AdaptationConfig config;
    private final OutputLayer output;
    private final TopGraph top;
    private final Map<String, long[]> shapes;
    private final TopBatch batch;
    /** The number of positions of every sample, used if the base model does not read tokens. */
    private final int positions;

    private final TopSession answers;
    private final String form;
    private final Compute compute;
    private final TopStart start;
    private final Map<TopTraining.Reach, TopTraining> training = new ConcurrentHashMap<>();

    private OnnxHeads(
            AdaptationConfig config,
            OutputLayer output,
            TopGraph top,
            Map<String, long[]> shapes,
            TopBatch batch,
            int positions,
            String form,
            Compute compute,
            PretrainedOutputLayer kept) {
        this.config = config;
        this.output = output;
        this.top = top;
        this.shapes = shapes;
        this.batch = batch;
        this.positions = positions;
        this.form = form;
        this.compute = compute;
        start = new TopStart(top, kept);
        answers = TopSession.open(top.model(top.graph()), compute);
    }

    /**
     * Returns the heads for {@code config}.
     *
     * @param output the output layer of the task
     * @param segment the part of the model between the cut and the features
     * @param layout the layout of rows at the cut
     * @param division the division that the segment belongs to
     * @param compute the resources that ONNX Runtime uses; the bits of results depend on them
     * @param classifier reads the output layer of the model for the given features; called only if it is kept
     * @throws BackboneException when the segment cannot be trained as configured
     * @throws io.headwater.engine.gradient.GradientException when an operator of the segment has no gradient
     */
    static OnnxHeads open(
            BaseModelManifest manifest,
            AdaptationConfig config,
            OutputLayer output,
            Segment segment,
            CutLayout layout,
            ModelDivision division,
            Compute compute,
            Function<Features, PretrainedClassifier> classifier) {
        if (output.everyPosition() && config.strategy().top().dropout() > 0) {
            throw ConfigurationException.of(
                    "training.dropout must be 0 with a task that says something of every token, but is %s; leave it out"
                            .formatted(config.strategy().top().dropout()));
        }
        if (!Nd4jRuntime.sharesMemory()) {
            throw new BackboneException(
                    "an unfrozen top of an ONNX model, or a mix of its tensors, shares its weights with ND4J in the processor's"
                            + " memory, but this build of ND4J keeps them on a GPU; use the build cuda-backbone");
        }
        try {
            Map<String, long[]> cutShapes = layout.byName();
            SideFeed side = TopFeatures.side(manifest, segment);
            Pooling pooling = division.pooled() ? Pooling.NONE : manifest.pooling();
            Features pooled = TopFeatures.of(manifest, pooling, segment, layout, side);
            Features features = output.everyPosition() ? pooled.ofEveryPosition() : pooled;
            if (output.everyPosition() && features.shape().length != 3) {
                throw new BackboneException(
                        "an unfrozen top of a task that says something of every token or frame must give"
                                + " [batch, positions, width], but gives "
                                + Arrays.toString(features.shape())
                                + "; choose training.strategy linear-probe or another base model");
            }
            TopGraph top = TopBuilder.build(
                    segment,
                    cutShapes,
                    features,
                    division.boundaries(),
                    config.strategy().top(),
                    config.head().hidden());
            TopBatch batch = TopFeatures.batch(layout, side, features);
            Map<String, long[]> shapes = new TopShapes(batch).of(top);
            PretrainedOutputLayer kept =
                    PretrainedOutputLayer.of(manifest, config, top.width(), () -> classifier.apply(features));
            int positions = features.everyPosition() ? (int) features.shape()[1] : 1;
            OnnxHeads heads = new OnnxHeads(
                    config, output, top, shapes, batch, positions, form(manifest, config, layout), compute, kept);
            try {
                heads.training(heads.deepest() + 1, 2);
                return heads;
            } catch (RuntimeException e) {
                heads.close();
                throw e;
            }
        } catch (TopException e) {
            throw new BackboneException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Returns heads that are a whole model, trained completely from the first step on. */
    static OnnxHeads whole(
            AdaptationConfig config, OutputLayer output, TopGraph model, TopBatch batch, String form, Compute compute) {
        Map<String, long[]> shapes = new TopShapes(batch).of(model);
        return new OnnxHeads(config, output, model, shapes, batch, 1, form, compute, PretrainedOutputLayer.NONE);
    }

    /** Returns a text of everything that determines the parameters and their meaning. */
    private static String form(BaseModelManifest manifest, AdaptationConfig config, CutLayout layout) {
        TopConfig of = config.strategy().top();
        String features = of.scalarMix().isEmpty() ? manifest.cut() : "mix of " + of.scalarMix();
        String lora = of.parameters() == TopConfig.TopParameters.LORA
                ? " lora-rank=" + of.loraRank() + " lora-alpha=" + of.loraAlpha()
                : "";
        return "onnx cut=" + String.join("+", layout.names()) + " features=" + features + " pooling="
                + manifest.pooling() + " normalise=" + manifest.normalise() + " head.hidden="
                + config.head().hidden() + " parameters=" + of.parameters() + lora
                + (of.batchNorm() == BatchStatistics.UPDATE ? " batch-norm=UPDATE" : "");
    }

    @Override
    public int inputs() {
        return batch.layout().length(1);
    }

    @Override
    public int rows(float[] features) {
        if (!output.everyPosition()) {
            return 1;
        }
        CutLayout layout = batch.layout();
        return layout.hasTokens() ? layout.tokens(features) : positions;
    }

    @Override
    public String form() {
        return form;
    }

    /**
     * {@inheritDoc} Parameters of the base model have their pre-trained values. The output layer is that of the base
     * model if it is kept, else zero, so that every class is equally probable. A hidden layer and the first factors of
     * LoRA are initialised uniformly (Glorot and Bengio 2010), drawn by {@link java.util.Random}, whose algorithm is
     * part of its specification.
     */
    @Override
    public Head create(int outputs) {
        return restore(HeadState.ofParameters(
                start.parameters(outputs, config.training().seed())));
    }

    @Override
    public Head restore(HeadState state) {
        OnnxHead head = new OnnxHead(this, state.parameters());
        try {
            return head.learning(state);
        } catch (RuntimeException e) {
            head.close();
            throw e;
        }
    }

    @Override
    public Head answering(Map<String, Tensor.F32> parameters) {
        return new OnnxHead(this, parameters);
    }

    AdaptationConfig config() {
        return config;
    }

    OutputLayer output() {
        return output;
    }

    TopGraph top() {
        return top;
    }

    TopBatch batch() {
        return batch;
    }

    TopSession answers() {
        return answers;
    }

    boolean hasDropout() {
        return config.strategy().top().dropout() > 0;
    }

    DropoutMask dropout() {
        return new DropoutMask(
                config.strategy().top().dropout(), config.training().seed());
    }

    /**
     * Returns the passes that train the groups of a depth below {@code unfrozen}. A single row with one value per
     * channel has no variance, so such a step uses the running statistics and does not update them.
     *
     * @param rows the number of rows of the step
     */
    TopTraining training(int unfrozen, int rows) {
        boolean byStep = rows > 1 || BatchNormNodes.of(top).stream().noneMatch(norm -> isOneValue(norm.input()));
        TopTraining.Reach reach = new TopTraining.Reach(unfrozen, byStep);
        return training.computeIfAbsent(reach, passes -> TopTraining.open(top, shapes, passes, compute));
    }

    /** Whether a row of {@code tensor} has a single value per channel. */
    private boolean isOneValue(String tensor) {
        return Arrays.stream(Objects.requireNonNull(shapes.get(tensor), tensor))
                .skip(2)
                .allMatch(size -> size == 1);
    }

    private int deepest() {
        return top.parameters().values().stream()
                .mapToInt(Parameter::depth)
                .max()
                .orElse(0);
    }

    /** Returns the pre-trained values of the base model's parameters and running statistics. */
    Map<String, Tensor.F32> pretrained() {
        return start.pretrained();
    }

    @Override
    public void close() {
        training.values().forEach(TopTraining::close);
        answers.close();
    }
}
