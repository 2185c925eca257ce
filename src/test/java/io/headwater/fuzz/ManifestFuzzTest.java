package io.headwater.fuzz;

import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Manifests of base models in YAML. */
class ManifestFuzzTest extends ReaderFuzzing {
    @Override
    void read(byte[] bytes) {
        try {
            BaseModelManifest manifest = BaseModelFile.parse("any", new String(bytes, StandardCharsets.UTF_8));
            BaseModelFile.write(manifest, Path.of("/"), Map.of());
        } catch (ConfigurationException refused) {
            // Documented for texts with faults.
        }
    }

    @Override
    Stream<byte[]> seeds() {
        String text = BaseModelFile.write(BaseModelFile.builtIn("minilm"), Path.of("/models"), Map.of());
        String image = """
                name: squeezenet
                format: onnx
                model: /models/squeezenet.onnx
                sha256: 0000000000000000000000000000000000000000000000000000000000000000
                input: {kind: image, name: data, width: 224, height: 224, layout: nchw, channels: rgb,
                  mean: [123.7, 116.3, 103.5], scale: [0.017, 0.0175, 0.0174]}
                feature: {tensor: pool, size: 512}
                """;
        return Stream.of(utf8(text), utf8(image));
    }

    @Override
    long allocated() {
        return YamlTexts.ALLOCATED;
    }

    @Override
    Stream<byte[]> large() {
        return YamlTexts.large();
    }
}
