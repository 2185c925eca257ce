package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.headwater.adapt.HeadArtifact;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.weights.Safetensors;
import io.headwater.kafka.KafkaSettings;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.LaneLog;
import io.headwater.ops.RuntimeSettings;
import io.headwater.role.RoleState;
import io.headwater.standalone.EmbeddedBroker;
import io.headwater.standalone.SampleProducer;
import io.headwater.task.Featurizer;
import io.headwater.task.PayloadView;
import io.headwater.trainer.Trainer;
import io.headwater.trainer.TrainerListener;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tests the export of a fine-tuned version end to end, with a real broker and real artifacts. */
class ExportCommandTest {
    private static final List<Payload> TEXTS = List.of(
            new Payload.Text("a delight to use"),
            new Payload.Text("a disaster"),
            new Payload.Text("what a delight, what a delight, number 7"));

    @TempDir
    private Path folder;

    @Test
    @Timeout(300)
    void shouldWriteAModelThatSaysWhatTheVersionSays() throws Exception {
        AdaptationConfig config = AdaptationFile.read(adaptation());
        try (EmbeddedBroker broker = EmbeddedBroker.startIn(folder.resolve("kafka"))) {
            RuntimeSettings settings =
                    RuntimeSettings.local(KafkaSettings.of(broker.bootstrapServers()), folder.resolve("artifacts"), 1);
            try (AdaptationRuntime runtime = AdaptationRuntime.open(config, settings)) {
                adapt(runtime);
                List<ModelVersion> versions =
                        new LaneLog(runtime.clients(), runtime.codec()).versions(new Lane("reviews", "shop")::equals);
                ModelVersion last = versions.get(versions.size() - 1);
                byte[] artifact = runtime.store().get(last.ref().artifact());

                Path onnx = export(broker, last, "onnx");
                Path safetensors = export(broker, last, "safetensors");

                assertThat(Files.readAllBytes(safetensors)).isEqualTo(artifact);
                assertThat(Safetensors.read(artifact).tensors()).containsKeys("layer.1/w", "output/W");
                requireSame(runtime, artifact, onnx);
            }
        }
    }

    private Path adaptation() throws Exception {
        BaseModelManifest model = TestModels.text(folder);
        BaseModelManifest.ModelFile tokenizer = TestModels.miniLmInput(64).tokenizer();
        Files.writeString(folder.resolve("text.yaml"), """
                name: text
                licence: none
                model: {location: %s, digest: "%s"}
                input: {type: text, tokenizer: {location: "%s", digest: "%s"}, max-tokens: 64, ids: input_ids}
                cut: block.2
                pooling: mean
                """.formatted(
                        model.model().location(), model.model().digest(), tokenizer.location(), tokenizer.digest()));
        return Files.writeString(folder.resolve("a.yaml"), """
                name: reviews
                task: text-classification
                base: ./text.yaml
                training: {strategy: fine-tune, unfreeze: 1}
                """);
    }

    private static void adapt(AdaptationRuntime runtime) {
        runtime.ensureTopics();
        try (SampleProducer producer = new SampleProducer(runtime.clients(), runtime.codec(), Clock.systemUTC())) {
            for (int i = 0; i < 80; i++) {
                Payload text = new Payload.Text((i % 2 == 0 ? "a delight, number " : "a disaster, number ") + i);
                producer.sample(
                        "shop", "sample-" + i, text, new Label.ClassLabel(i % 2 == 0 ? "positive" : "negative"));
            }
            producer.flush();
        }
        Trainer trainer = runtime.trainer(TrainerListener.NONE);
        trainer.runToEnd();
        assertThat(trainer.state()).isEqualTo(RoleState.STOPPED);
    }

    private Path export(EmbeddedBroker broker, ModelVersion version, String format) {
        Path file = folder.resolve("exported." + format);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = HeadwaterMain.commandLine(CommandLine.defaultFactory())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(
                        "versions",
                        "export",
                        "--lane",
                        "reviews/shop",
                        "--version",
                        Long.toString(version.ref().number()),
                        "--format",
                        format,
                        "--out",
                        file.toString(),
                        "--store",
                        folder.resolve("artifacts").toString(),
                        "--bootstrap-servers",
                        broker.bootstrapServers());
        assertThat(code).as(err.toString()).isZero();
        return file;
    }

    private static void requireSame(AdaptationRuntime runtime, byte[] artifact, Path onnx) throws Exception {
        Featurizer featurizer = runtime.featurizer();
        List<PayloadView> views = TEXTS.stream()
                .map(text -> ((Outcome.Ok<PayloadView>) featurizer.view(text)).value())
                .toList();
        float[][] features = featurizer.features(views).stream()
                .map(outcome -> ((Outcome.Ok<float[]>) outcome).value())
                .toArray(float[][]::new);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (Head head = runtime.heads()
                        .answering(HeadArtifact.fromBytes(artifact).parameters());
                OrtSession session = environment.createSession(onnx.toString())) {
            assertThat(session.getMetadata().getCustomMetadata())
                    .containsEntry("headwater.labels", "[\"positive\",\"negative\"]");
            float[][] expected = head.probabilities(features);
            assertThat(expected[0][0]).isGreaterThan(expected[1][0]);
            for (int i = 0; i < expected.length; i++) {
                long[] ids = ids(runtime, TEXTS.get(i));
                try (OnnxTensor input =
                                OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), new long[] {1, ids.length});
                        OrtSession.Result result = session.run(Map.of("input_ids", input))) {
                    FloatBuffer predicted =
                            ((OnnxTensor) result.get("probabilities").orElseThrow()).getFloatBuffer();
                    for (int k = 0; k < 2; k++) {
                        assertThat(predicted.get(k)).isCloseTo(expected[i][k], within(1e-4f));
                    }
                }
            }
        }
    }

    private static long[] ids(AdaptationRuntime runtime, Payload text) {
        Outcome<ModelInput> input = runtime.task().prepare(text);
        return ((ModelInput.Tokens) Objects.requireNonNull(((Outcome.Ok<ModelInput>) input).value())).ids();
    }
}
