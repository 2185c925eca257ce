package io.headwater.bench.models;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.engine.ModelInput;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.runtime.TwoParts;
import io.headwater.engine.weights.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Runs exported Deeplearning4j files in plain Deeplearning4j. */
final class GraphFiles {
    private GraphFiles() {}

    /** Returns the largest difference of any probability between the file's output and {@code own}. */
    static double difference(Path exported, List<ModelInput> inputs, float[][] own, BaseModelManifest manifest)
            throws IOException {
        ComputationGraph graph = ModelSerializer.restoreComputationGraph(exported.toFile(), false);
        float[][] predicted = new float[own.length][];
        for (int i = 0; i < own.length; i++) {
            predicted[i] = graph.outputSingle(false, tensor(manifest, inputs.get(i)))
                    .dup('c')
                    .data()
                    .asFloat();
        }
        return CutParity.absolute(predicted, own);
    }

    /**
     * Returns the largest difference for an untrained version whose output layer is the classifier of the model
     * itself, and which must therefore give the output of the model.
     */
    static double untrained(BaseModelManifest manifest, String cut, Path file, List<ModelInput> inputs)
            throws IOException {
        Map<String, Tensor.F32> classifier = TwoParts.classifier(manifest);
        Files.write(
                file,
                BaseModelOpener.open(manifest, Compute.ONE_THREAD)
                        .deeplearning4j(TwoParts.above(cut), OutputLayer.CLASSES, classifier));
        return difference(file, inputs, TwoParts.wholeGraph(manifest, inputs), manifest);
    }

    private static INDArray tensor(BaseModelManifest manifest, ModelInput input) {
        if (input instanceof ModelInput.Pixels pixels) {
            ImageInput image = (ImageInput) manifest.input();
            int channels = image.channels().count();
            long height = image.height();
            long width = image.width();
            return image.layout() == ImageLayout.NCHW
                    ? Nd4j.create(pixels.values(), new long[] {1, channels, height, width}, 'c')
                    : Nd4j.create(pixels.values(), new long[] {1, height, width, channels}, 'c')
                            .permute(0, 3, 1, 2)
                            .dup('c');
        }
        if (input instanceof ModelInput.Numbers numbers) {
            return Nd4j.create(numbers.values(), new long[] {1, numbers.values().length}, 'c');
        }
        throw new IllegalArgumentException("what is compared reads images or numbers, but got " + input.kind());
    }
}
