package io.headwater.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of small networks of many families for tests of other packages. */
public enum GeneratedModels {
    VGG(TestNetworks.VGG),
    RESNET(TestNetworks.RESNET),
    MOBILE(TestNetworks.MOBILE),
    SQUEEZE(TestNetworks.SQUEEZE),
    BERT(TestNetworks.BERT),
    GPT(TestNetworks.GPT);

    private final TestNetworks network;

    GeneratedModels(TestNetworks network) {
        this.network = network;
    }

    /** Writes the ONNX file to {@code folder}. */
    public Path write(Path folder) throws IOException {
        Path file = Path.of(network.manifest(folder).model().location());
        return Files.move(file, folder.resolve(name().toLowerCase(java.util.Locale.ROOT) + ".onnx"));
    }
}
