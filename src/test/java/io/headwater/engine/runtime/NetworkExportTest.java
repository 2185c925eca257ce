package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.HeadConfig;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TensorInput;
import io.headwater.config.TopConfig;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.NetworkBuilder;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.TestModels;
import io.headwater.engine.TestNetworks;
import io.headwater.engine.device.Compute;
import io.headwater.engine.onnx.OnnxModelFile;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests versions of networks of every family, exported and run with plain ONNX Runtime. */
class NetworkExportTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void shouldSayWhatTheHeadSays(TestNetworks network) throws Exception {
        requireSame(network, TopParameters.ALL, 0);
    }

    @ParameterizedTest
    @CsvSource({"BERT, LORA, 0", "BERT, BIASES, 5", "VGG, LORA, 4", "POLICY, LORA, 3", "FUSED, LORA, 0", "WAVE, LORA, 0"
    })
    void shouldSayItWhateverLearned(TestNetworks network, TopParameters parameters, int hidden) throws Exception {
        requireSame(network, parameters, hidden);
    }

    @ParameterizedTest
    @CsvSource({
        "BERT, 0, embeddings.norm+encoder.layer.0.norm2+encoder.layer.1.norm2",
        "BERT, 5, encoder.layer.1.norm2+encoder.layer.0.norm2",
        "GPT, 0, h.embedded+h.0+h.1",
        "ELMO, 0, embedded+lstm.0+lstm.1",
        "FUSED, 0, embedded+encoder.layer.1.norm2",
        "SQUEEZE, 0, fire2+fire3",
        "RESNET, 3, stem+layer1",
        "WAVE, 0, layer+encoded",
        "POLICY, 0, mlp.0+mlp.2"
    })
    void shouldSayWhatAMixOfLayersSays(TestNetworks network, int hidden, String layers) throws Exception {
        StrategyConfig strategy = ScalarMixTest.mixing(List.of(layers.split("\\+")));
        AdaptationConfig config = TopRig.config(network.task(), strategy, TopRig.optimiser(Updater.ADAM, 0.9, 1, 0))
                .withHead(new HeadConfig(hidden));

        byte[] exported = requireSame(network.manifest(folder), config, network.samples(7, 6));

        assertThat(initializers(OnnxModelFile.parse(exported))).containsKeys("mix/s", "mix/gamma");
    }

    @ParameterizedTest
    @CsvSource({"RESNET, ALL", "MOBILE, BIASES"})
    void shouldSayItWithRunningStatisticsThatMoved(TestNetworks network, TopParameters parameters) throws Exception {
        StrategyConfig strategy = TopRig.updating(TopRig.strategy(Strategy.FINE_TUNE, 1, PhaseBy.STEPS, parameters, 0));
        AdaptationConfig config = TopRig.config(network.task(), strategy, TopRig.optimiser(Updater.ADAM, 0.9, 1, 0));
        BaseModelManifest manifest = network.manifest(folder);

        byte[] exported = requireSame(manifest, config, network.samples(7, 6));

        Map<String, TensorProto> before = initializers(OnnxBackbone.model(manifest));
        Map<String, TensorProto> after = initializers(OnnxModelFile.parse(exported));
        assertThat(after.keySet())
                .filteredOn(name -> !Objects.equals(after.get(name), before.get(name)))
                .anyMatch(name -> name.endsWith(".running_mean"))
                .anyMatch(name -> name.endsWith(".running_var"));
    }

    /** The model is cut between two layers that share a weight. */
    @Test
    void shouldGiveTheTopItsOwnCopyOfAWeightThatTheFrozenPartReadsToo() throws Exception {
        NetworkBuilder net = new NetworkBuilder("tied", 13, TestModels.FLOAT)
                .input("wave", TestModels.FLOAT, 0, 4)
                .output("features", TestModels.FLOAT, 0, 4);
        net.matrix("tied.weight", 4, 4, 4);
        String low = net.node("Tanh", "low", List.of(net.node("MatMul", "one", List.of("wave", "tied.weight"))));
        net.node("Tanh", "features", List.of(net.node("MatMul", "two", List.of(low, "tied.weight"))));
        BaseModelManifest manifest = new BaseModelManifest(
                "network",
                "none",
                TestModels.write(folder, net.build().toByteArray()),
                new TensorInput("wave", List.of(4), List.of()),
                "features",
                BaseModelManifest.Pooling.NONE,
                false);
        List<ModelInput> samples = List.of(
                new ModelInput.Numbers(new float[] {1, -1, 0.5f, 0}),
                new ModelInput.Numbers(new float[] {0, 2, -1, 0.3f}));
        AdaptationConfig config = TopRig.config(
                TaskKind.TENSOR_CLASSIFICATION,
                new StrategyConfig("low", Strategy.FINE_TUNE, 0, PhaseBy.STEPS, 1, TopConfig.DEFAULT),
                TopRig.optimiser(Updater.ADAM, 0.9, 1, 0));

        byte[] exported = requireSame(manifest, config, samples);

        Map<String, TensorProto> before = initializers(OnnxBackbone.model(manifest));
        Map<String, TensorProto> after = initializers(OnnxModelFile.parse(exported));
        assertThat(after.get("tied.weight")).isEqualTo(before.get("tied.weight"));
        assertThat(after.keySet())
                .filteredOn(name -> name.startsWith("tied.weight"))
                .hasSize(2);
    }

    private static Map<String, TensorProto> initializers(ModelProto model) {
        return model.getGraph().getInitializerList().stream()
                .collect(Collectors.toMap(TensorProto::getName, tensor -> tensor));
    }

    private void requireSame(TestNetworks network, TopParameters parameters, int hidden) throws Exception {
        StrategyConfig strategy = TopRig.strategy(Strategy.FINE_TUNE, 1, PhaseBy.STEPS, parameters, 0);
        AdaptationConfig config = TopRig.config(network.task(), strategy, TopRig.optimiser(Updater.ADAM, 0.9, 1, 0))
                .withHead(new HeadConfig(hidden));
        byte[] exported = requireSame(network.manifest(folder), config, network.samples(7, 6));
        assertThat(OnnxModelFile.parse(exported).getMetadataPropsList())
                .anySatisfy(entry -> assertThat(entry.getValue()).isEqualTo("7"));
    }

    private static byte[] requireSame(BaseModelManifest manifest, AdaptationConfig config, List<ModelInput> samples)
            throws Exception {
        try (TopRig rig = TopRig.open(manifest, config, samples, Compute.ONE_THREAD);
                Head head = rig.head(3)) {
            for (int step = 0; step < 4; step++) {
                rig.train(head, 0, samples.size());
            }
            byte[] exported = OnnxExport.write(
                    manifest, config, OutputLayer.CLASSES, head.state().parameters(), Map.of("version", "7"));
            float[][] expected = head.probabilities(rig.features());
            try (OrtSession session = OnnxRuntime.environment().createSession(exported)) {
                for (int i = 0; i < expected.length; i++) {
                    assertThat(probabilities(session, samples.get(i))).containsExactly(expected[i], within(1e-4f));
                }
            }
            return exported;
        }
    }

    /** One sample, a text without padding. */
    private static float[] probabilities(OrtSession session, ModelInput sample) throws Exception {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (var input : session.getInputInfo().entrySet()) {
                inputs.put(
                        input.getKey(),
                        tensor(input.getKey(), (TensorInfo) input.getValue().getInfo(), sample));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                FloatBuffer buffer = ((OnnxTensor) result.get("probabilities").orElseThrow()).getFloatBuffer();
                float[] values = new float[buffer.remaining()];
                buffer.get(values);
                return values;
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(String name, TensorInfo info, ModelInput sample) throws Exception {
        if (sample instanceof ModelInput.Tokens tokens) {
            long[] values = tokens.ids().clone();
            if (!name.equals("input_ids")) {
                Arrays.fill(values, name.equals("attention_mask") ? 1 : 0);
            }
            return OnnxTensor.createTensor(
                    OnnxRuntime.environment(), LongBuffer.wrap(values), new long[] {1, values.length});
        }
        float[] values =
                sample instanceof ModelInput.Pixels pixels ? pixels.values() : ((ModelInput.Numbers) sample).values();
        long[] shape = info.getShape();
        shape[0] = 1;
        return FloatInputs.of(List.of(values), shape, info.type == OnnxJavaType.FLOAT16);
    }
}
