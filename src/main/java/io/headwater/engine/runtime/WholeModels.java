package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxJavaType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.OptimiserConfig;
import io.headwater.config.TaskKind;
import io.headwater.config.TextInput;
import io.headwater.config.TrainingConfig;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.domain.Digest;
import io.headwater.engine.Heads;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.device.Compute;
import io.headwater.engine.family.FamilyModel;
import io.headwater.engine.family.FamilyModel.TrainingInput;
import io.headwater.engine.onnx.Tensors;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.TensorProto;

/** Trains complete models, as heads without a frozen part. */
public final class WholeModels {
    private static final Digest NO_DIGEST = new Digest("0".repeat(64));

    private WholeModels() {}

    /**
     * The training settings.
     *
     * @param optimiser the settings of the optimiser
     * @param learningRate the learning rate before any schedule, above 0 and at most 1
     * @param seed the seed of all random numbers; not 0
     * @param threads the number of threads of one run, positive; bits depend on it
     */
    public record Rule(OptimiserConfig optimiser, double learningRate, long seed, int threads) {}

    /**
     * Returns heads that are {@code model}. Their features are the input of its training graph, in single precision
     * and row-major; rows of token ids may differ in length.
     *
     * @param output an output layer whose objective reads the logits; for language models, applied to every position
     */
    public static Heads of(FamilyModel model, OutputLayer output, Rule rule) {
        TrainingInput input = model.input();
        CutLayout layout = new CutLayout(List.of(input.name()), List.of(input.shape()), 0);
        TopBatch batch = new TopBatch(layout, side(input), Pooling.NONE, 0);
        return OnnxHeads.whole(
                config(rule),
                output,
                model.training(),
                batch,
                "whole " + model.family(),
                Compute.ofThreads(rule.threads()));
    }

    private static AdaptationConfig config(Rule rule) {
        return AdaptationConfig.of("pretrain", TaskKind.TENSOR_CLASSIFICATION, "none")
                .withTraining(new TrainingConfig(1, rule.learningRate(), 0, ClassWeights.NONE, rule.seed()))
                .withOptimiser(rule.optimiser());
    }

    /** Returns the feed of the mask, which is derived from the number of tokens of each row. */
    private static SideFeed side(TrainingInput input) {
        if (input.mask().isEmpty()) {
            return new SideFeed(null, List.of());
        }
        TextInput text =
                new TextInput(new ModelFile("classpath:none", NO_DIGEST), 8192, input.name(), input.mask(), "");
        Map<String, OnnxJavaType> types = Map.of(input.mask(), OnnxJavaType.INT64);
        return new SideFeed(new TextFeed(text, types, List.of(), 0, 0), List.of());
    }

    /**
     * Returns the file of a model.
     *
     * @param trained its parameters by name; those of an output layer that only training needs may be included
     * @return an ONNX file, which is the same for the same weights
     */
    public static byte[] file(FamilyModel model, Map<String, Tensor.F32> trained) {
        Map<String, TensorProto> weights = new HashMap<>();
        trained.forEach((name, tensor) -> {
            long[] shape = Arrays.stream(tensor.shape()).asLongStream().toArray();
            weights.put(name, Tensors.floats(name, tensor.values(), shape));
        });
        return model.with(weights).toByteArray();
    }

    /** Returns the initial weights of a model. */
    public static Map<String, Tensor.F32> first(FamilyModel model) {
        Map<String, Tensor.F32> first = new HashMap<>();
        model.training().parameters().forEach((name, parameter) -> {
            TensorProto tensor = parameter.pretrained();
            if (tensor != null) {
                int[] shape = Arrays.stream(parameter.shape())
                        .mapToInt(Math::toIntExact)
                        .toArray();
                first.put(name, new Tensor.F32(shape, Tensors.floats(tensor)));
            }
        });
        return first;
    }
}
