package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TextInput;
import io.headwater.domain.Digest;
import io.headwater.engine.BackboneException;
import io.headwater.engine.BaseModelDigest;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.weights.ModelFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests with the real sentence encoder. */
class TextBackboneTest {
    private static final List<ModelInput> INPUTS = inputs();

    private static OnnxBackbone backbone;
    private static List<float[]> alone;

    @BeforeAll
    static void open() {
        backbone = OnnxBackbone.open(TestModels.miniLm());
        alone = INPUTS.stream()
                .map(input -> backbone.features(List.of(input)).get(0))
                .toList();
    }

    @AfterAll
    static void close() {
        backbone.close();
    }

    @Test
    void shouldGiveUnitVectorsOfTheModelsWidth() {
        assertThat(backbone.width()).isEqualTo(384);
        for (float[] features : alone) {
            double squares = 0;
            for (float value : features) {
                squares += value * value;
            }
            assertThat(features).hasSize(384);
            assertThat(squares).isCloseTo(1, within(1e-5));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldNotDependOnTheNeighboursBitForBit(long seed) {
        assertThat(differing(seed)).isEmpty();
    }

    @Test
    void shouldNotDependOnOtherThreadsBitForBit() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<List<Integer>>> runs =
                    List.of(threads.submit(() -> differing(7)), threads.submit(() -> differing(8)));
            for (Future<List<Integer>> run : runs) {
                assertThat(run.get()).isEmpty();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldPutNearWhatMeansTheSame() {
        // Given "the movie was great", "a wonderful film", "the train is late" as ids of its vocabulary
        List<float[]> features = backbone.features(List.of(
                tokens(101, 1996, 3185, 2001, 2307, 102),
                tokens(101, 1037, 6919, 2143, 102),
                tokens(101, 1996, 3345, 2003, 2397, 102)));

        assertThat(cosine(features.get(0), features.get(1)))
                .isGreaterThan(cosine(features.get(0), features.get(2)) + 0.3);
    }

    @Test
    void shouldRunTextsTogether() {
        assertThat(backbone.isBatched()).isTrue();
    }

    /** The scale of integers depends on all tokens of a run, also on those that only fill it up. */
    @ParameterizedTest
    @ValueSource(strings = {"minilm-int8", "e5-small-int8"})
    void shouldGiveWhatAQuantisedModelGivesOfEachTextAlone(String name) throws Exception {
        BaseModelManifest manifest = BaseModelFile.builtIn(name);
        byte[] model = ModelFiles.read(manifest.model(), 1 << 26);

        try (OnnxBackbone quantised = OnnxBackbone.open(manifest);
                OrtSession plain = OnnxRuntime.environment().createSession(model)) {
            List<float[]> features = quantised.features(INPUTS);
            for (int i = 0; i < INPUTS.size(); i++) {
                float[] expected = meanOfTokens(plain, manifest.cut(), ((ModelInput.Tokens) INPUTS.get(i)).ids());
                assertThat(features.get(i)).containsExactly(expected, within(1e-5f));
            }
        }
    }

    /** Returns the unit vector of the mean of an output over the tokens of a text, in a run of the text alone. */
    private static float[] meanOfTokens(OrtSession session, String output, long[] ids) throws Exception {
        long[] ones = new long[ids.length];
        Arrays.fill(ones, 1);
        Map<String, long[]> values =
                Map.of("input_ids", ids, "attention_mask", ones, "token_type_ids", new long[ids.length]);
        Map<String, OnnxTensor> inputs = new HashMap<>();
        for (String name : session.getInputNames()) {
            inputs.put(name, OnnxTensor.createTensor(OnnxRuntime.environment(), new long[][] {
                Objects.requireNonNull(values.get(name))
            }));
        }
        try (OrtSession.Result result = session.run(inputs)) {
            float[][] tokens = ((float[][][]) result.get(output).orElseThrow().getValue())[0];
            float[] mean = new float[tokens[0].length];
            for (float[] token : tokens) {
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += token[i];
                }
            }
            double squares = 0;
            for (float value : mean) {
                squares += (double) value * value;
            }
            for (int i = 0; i < mean.length; i++) {
                mean[i] /= (float) Math.sqrt(squares);
            }
            return mean;
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    @Test
    void shouldTakeNoInputs() {
        assertThat(backbone.features(List.of())).isEmpty();
    }

    @Test
    void shouldRejectInputsThatItDoesNotRead() {
        assertThatThrownBy(() -> backbone.features(List.of(new ModelInput.Pixels(new float[3]))))
                .hasMessageContaining("reads text");
        assertThatThrownBy(() -> backbone.features(List.of(tokens())))
                .hasMessageContaining("1 to 256 tokens, but has 0");
        assertThatThrownBy(() -> backbone.features(List.of(new ModelInput.Tokens(new long[257]))))
                .hasMessageContaining("but has 257");
    }

    @Test
    void shouldNameItselfByWhatItsFeaturesDependOn() {
        BaseModelManifest m = TestModels.miniLm();
        Digest digest = BaseModelDigest.digest(m);

        assertThat(backbone.digest()).isEqualTo(digest);
        assertThat(BaseModelDigest.digest(
                        new BaseModelManifest("other", "MIT", m.model(), m.input(), m.cut(), m.pooling(), true)))
                .isEqualTo(digest);
        assertThat(List.of(
                        new BaseModelManifest("a", "b", m.model(), m.input(), "882", m.pooling(), true),
                        new BaseModelManifest("a", "b", m.model(), m.input(), m.cut(), Pooling.FIRST, true),
                        new BaseModelManifest("a", "b", m.model(), m.input(), m.cut(), m.pooling(), false),
                        new BaseModelManifest(
                                "a", "b", m.model(), TestModels.miniLmInput(128), m.cut(), m.pooling(), true)))
                .extracting(BaseModelDigest::digest)
                .doesNotContain(digest)
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldNameInputsThatTheModelLacks() {
        BaseModelManifest m = TestModels.miniLm();
        TextInput wrong = new TextInput(TestModels.miniLmInput(256).tokenizer(), 256, "ids", "attention_mask", "");
        assertThatThrownBy(() -> OnnxBackbone.open(
                        new BaseModelManifest("mine", "none", m.model(), wrong, m.cut(), m.pooling(), true)))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("'mine'")
                .hasMessageContaining("[ids, attention_mask]")
                .hasMessageContaining("input_ids");
    }

    /** Returns the indices of inputs in a random list whose features in a batch differ from those computed alone. */
    private static List<Integer> differing(long seed) {
        Random random = new Random(seed);
        List<Integer> chosen =
                random.ints(1 + random.nextInt(60), 0, INPUTS.size()).boxed().toList();
        List<float[]> features =
                backbone.features(chosen.stream().map(INPUTS::get).toList());
        List<Integer> differing = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i++) {
            if (!Arrays.equals(features.get(i), alone.get(chosen.get(i)))) {
                differing.add(chosen.get(i));
            }
        }
        return differing;
    }

    private static List<ModelInput> inputs() {
        Random random = new Random(11);
        List<ModelInput> inputs = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            long[] ids = random.longs(2 + random.nextInt(i % 10 == 0 ? 254 : 40), 1000, 30000)
                    .toArray();
            ids[0] = 101;
            ids[ids.length - 1] = 102;
            inputs.add(new ModelInput.Tokens(ids));
        }
        return inputs;
    }

    private static ModelInput tokens(long... ids) {
        return new ModelInput.Tokens(ids);
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
