package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TopConfig;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.TestNetworks;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.onnx.Cut;
import io.headwater.engine.onnx.Cuts;
import io.headwater.engine.onnx.OnnxGraph;
import io.headwater.engine.weights.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import onnx.Onnx.ModelProto;
import onnx.Onnx.ValueInfoProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that the frozen part and an untrained top together give the output of the whole model at every cut. */
class TopParityTest {
    private static final int CLASSES = 4;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void shouldSayWhatTheWholeModelSaysAtEveryCut(TestNetworks network) {
        BaseModelManifest manifest = network.manifest(folder);
        List<ModelInput> samples = network.samples(7, 3);
        AdaptationConfig probe = AdaptationConfig.of("test", network.task(), "network");
        // A frozen part in half precision rounds where it is cut.
        float tolerance = network == TestNetworks.SQUEEZE ? 1e-3f : 1e-5f;

        float[][] expected = answers(manifest, probe, samples);

        List<Cut> cuts = cuts(manifest);
        assertThat(cuts).isNotEmpty().allSatisfy(cut -> {
            float[][] actual = answers(manifest, cutAt(probe, cut), samples);
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).as("row " + i).containsExactly(expected[i], within(tolerance));
            }
        });
    }

    @Test
    void shouldPadToTheLengthToWhichATextModelWasSaved() {
        BaseModelManifest free = TestNetworks.BERT.manifest(folder);
        ModelProto.Builder model = OnnxBackbone.model(free).toBuilder();
        for (ValueInfoProto.Builder input : model.getGraphBuilder().getInputBuilderList()) {
            input.getTypeBuilder()
                    .getTensorTypeBuilder()
                    .getShapeBuilder()
                    .getDimBuilder(1)
                    .setDimValue(32);
        }
        BaseModelManifest manifest = new BaseModelManifest(
                "network",
                "none",
                TestModels.write(folder, model.build().toByteArray()),
                free.input(),
                free.cut(),
                free.pooling(),
                free.normalise());
        List<ModelInput> samples = TestNetworks.BERT.samples(7, 3);
        AdaptationConfig probe = AdaptationConfig.of("test", TaskKind.TEXT_CLASSIFICATION, "network");

        float[][] expected = answers(manifest, probe, samples);

        Cut cut = cuts(manifest).get(3);
        float[][] actual = answers(manifest, cutAt(probe, cut), samples);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).containsExactly(expected[i], within(1e-5f));
        }
    }

    /** Tests only every fifth cut, because each cut needs its own sessions. */
    @Test
    void shouldSayWhatTheWholeSentenceEncoderSays() {
        BaseModelManifest manifest = TestModels.miniLm();
        List<ModelInput> samples = List.of(
                new ModelInput.Tokens(new long[] {101, 2023, 3185, 2001, 2307, 102}),
                new ModelInput.Tokens(new long[] {101, 1996, 5440, 2001, 9145, 1998, 3147, 4030, 102}));
        AdaptationConfig probe = AdaptationConfig.of("test", TaskKind.TEXT_CLASSIFICATION, "minilm");

        float[][] expected = answers(manifest, probe, samples);

        List<Cut> cuts = cuts(manifest);
        assertThat(cuts).hasSizeGreaterThan(60);
        for (int i = 0; i < cuts.size(); i += 5) {
            float[][] actual = answers(manifest, cutAt(probe, cuts.get(i)), samples);
            for (int row = 0; row < expected.length; row++) {
                assertThat(actual[row]).as(cuts.get(i).toString()).containsExactly(expected[row], within(1e-5f));
            }
        }
    }

    private static AdaptationConfig cutAt(AdaptationConfig plain, Cut cut) {
        return plain.withStrategy(new StrategyConfig(
                String.join("+", cut.tensors()), Strategy.FINE_TUNE, 0, PhaseBy.STEPS, 1, TopConfig.DEFAULT));
    }

    private static List<Cut> cuts(BaseModelManifest manifest) {
        OnnxGraph graph = OnnxGraph.of(OnnxBackbone.model(manifest).getGraph());
        return Cuts.of(graph, ModelDivision.sampleInputs(manifest), List.of(manifest.cut())).stream()
                .filter(cut -> cut.oneNode() && cut.parametersAbove() > 0)
                .toList();
    }

    private static float[][] answers(BaseModelManifest manifest, AdaptationConfig config, List<ModelInput> samples) {
        try (DividedModel model =
                        BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(config);
                Head fresh = model.heads().create(CLASSES)) {
            TreeMap<String, Tensor.F32> parameters = new TreeMap<>(fresh.state().parameters());
            parameters.computeIfPresent("output/W", (name, tensor) -> random(tensor.shape()));
            try (Head head = model.heads().answering(parameters)) {
                return head.probabilities(model.backbone().features(samples).toArray(float[][]::new));
            }
        }
    }

    private static Tensor.F32 random(int[] shape) {
        Random random = new Random(5);
        float[] values = new float[shape[0] * shape[1]];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Tensor.F32(shape, values);
    }
}
