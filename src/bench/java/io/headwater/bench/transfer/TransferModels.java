package io.headwater.bench.transfer;

import io.headwater.domain.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes manifests of the models that the transfer benchmark adapts, each in a pre-trained and an untrained form. */
public final class TransferModels {
    private static final long SEED = 7;
    private static final String MINILM = "all-minilm-l6-v2";

    private final Path files;
    private final Path folder;

    /**
     * Creates a writer.
     *
     * @param files folder of models
     * @param folder to write to
     */
    public TransferModels(Path files, Path folder) {
        this.files = files;
        this.folder = folder;
    }

    /** The manifests of a model in its pre-trained and its untrained form. */
    public record Pair(String trained, String untrained) {}

    /** Writes the built-in encoder, with a maximum number of tokens per text. */
    public Pair miniLm(int tokens) throws IOException {
        Path model = folder.resolve(MINILM + ".onnx");
        Files.write(model, resource("/" + MINILM + ".onnx"));
        String manifest = new String(resource("/base-models/minilm.yaml"), StandardCharsets.UTF_8)
                .replaceAll("max-tokens: \\d+", "max-tokens: " + tokens);
        return pair("minilm-" + tokens, model, manifest.substring(manifest.indexOf("input:")), "Apache-2.0");
    }

    /** Writes SqueezeNet 1.1 with weights trained on ImageNet; see bench/squeezenet. */
    public Pair squeezeNet() throws IOException {
        String rest = """
                input:
                  type: image
                  name: data_0
                  width: 224
                  height: 224
                  layout: nchw
                  channels: bgr
                  mean: [103.94, 116.78, 123.68]
                  scale: [1, 1, 1]
                cut: fire9/concat_2
                pooling: mean
                """;
        // Random weights scaled by their fan-in need inputs of about unit variance.
        String scaled = rest.replace("scale: [1, 1, 1]", "scale: [0.0171, 0.0171, 0.0171]");
        return pair("squeezenet", files.resolve("squeezenet_fp16.onnx"), rest, scaled, "MIT");
    }

    /**
     * Writes the speech embedding of openWakeWord with its front end. The front end keeps its weights in the untrained
     * form too, because it computes a spectrogram.
     *
     * @param name of the manifests
     * @param seconds maximum duration of a sound; at most one window if unfrozen layers read it
     * @param step hop between windows in frames
     */
    public Pair speechEmbedding(String name, String seconds, int step) throws IOException {
        Path stage = files.resolve("oww_melspectrogram.onnx");
        String rest = """
                input:
                  type: audio
                  name: input_1
                  sample-rate: 16000
                  amplitude: int16
                  max-seconds: %s
                  padding: repeat
                  reads: stage
                  bins: 32
                  axes: frames-bins-channel
                  factor: 0.1
                  offset: 2
                  stage:
                    location: "%s"
                    digest: sha256:%s
                    input: input
                    output: output
                  windows:
                    size: 76
                    step: %d
                cut: conv2d_19
                """.formatted(
                        seconds, stage, Digest.of(Files.readAllBytes(stage)).hex(), step);
        return pair(name, files.resolve("oww_embedding_model.onnx"), rest, "Apache-2.0");
    }

    /** Writes a trained policy with two hidden layers, which reads 21 numbers. */
    Pair policy() throws IOException {
        String rest = """
                input:
                  type: tensor
                  name: obs
                  shape: [21]
                  zeros: [state_ins]
                cut: "/mlp_extractor/policy_net/policy_net.3/Tanh_output_0"
                """;
        return pair("policy", files.resolve("godot_BallChase.onnx"), rest, "MIT");
    }

    private Pair pair(String name, Path model, String rest, String licence) throws IOException {
        return pair(name, model, rest, rest, licence);
    }

    private Pair pair(String name, Path model, String rest, String ofUntrained, String licence) throws IOException {
        byte[] trained = Files.readAllBytes(model);
        Path untrained = folder.resolve(name + "-untrained.onnx");
        Files.write(untrained, Untrained.of(trained, SEED));
        return new Pair(
                manifest(name, model, rest, licence), manifest(name + "-untrained", untrained, ofUntrained, licence));
    }

    private String manifest(String name, Path model, String rest, String licence) throws IOException {
        String text = """
                name: %s
                licence: %s
                model:
                  location: "%s"
                  digest: sha256:%s
                %s""".formatted(
                name, licence, model, Digest.of(Files.readAllBytes(model)).hex(), rest);
        return Files.writeString(folder.resolve(name + ".yaml"), text).toString();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = TransferModels.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("resource " + name + " is missing from the build");
            }
            return in.readAllBytes();
        }
    }
}
