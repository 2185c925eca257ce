package io.headwater.fuzz;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.engine.TestModels;
import io.headwater.engine.inspect.ManifestDraft;
import io.headwater.engine.inspect.ManifestDraft.Known;
import io.headwater.engine.inspect.ModelInspection;
import io.headwater.engine.inspect.OnnxInspector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** What exporters write beside a model. Each input stands for all of these files, beside a model of texts and one of images. */
class ExporterFilesFuzzTest extends ReaderFuzzing {
    private static final List<String> NAMES = List.of(
            "tokenizer_config.json",
            "sentence_bert_config.json",
            "preprocessor_config.json",
            "modules.json",
            "1_Pooling/config.json");
    private static final Known KNOWN = new Known("any", Optional.of("none"), Optional.empty());

    @TempDir
    static Path folder;

    private Path text = Path.of("");
    private Path image = Path.of("");
    private ModelInspection ofText;
    private ModelInspection ofImage;

    @BeforeAll
    void inspect() throws IOException {
        Files.createDirectories(folder.resolve("1_Pooling"));
        text = Path.of(TestModels.text(folder).model().location());
        ofText = OnnxInspector.inspect(text);
        image = Path.of(TestModels.image(folder, TestModels.convNet(TestModels.FLOAT), "rectified", Pooling.MEAN)
                .model()
                .location());
        ofImage = OnnxInspector.inspect(image);
    }

    @Override
    void read(byte[] bytes) throws IOException {
        for (String name : NAMES) {
            Files.write(folder.resolve(name), bytes);
        }
        ManifestDraft.of(text, ofText, KNOWN).yaml(folder);
        ManifestDraft.of(image, ofImage, KNOWN).yaml(folder);
    }

    @Override
    Stream<byte[]> seeds() {
        return Stream.of(
                utf8("{\"model_max_length\": 512, \"max_seq_length\": 1e30}"),
                utf8("{\"do_normalize\": true, \"image_mean\": [0.5, 0.5, 0.5], \"image_std\": [0.5, 1e-300, 0],"
                        + " \"rescale_factor\": 0.00392, \"size\": {\"height\": 224, \"width\": 224}}"),
                utf8("{\"pooling_mode_mean_tokens\": true}"),
                utf8("[{\"type\": \"sentence_transformers.models.Normalize\"}]"),
                utf8(""));
    }

    @Override
    Stream<byte[]> large() {
        return Stream.of(utf8("[".repeat(ReaderBounds.MAX_INPUT)), utf8("{\"a\":[" + "0,".repeat(400_000) + "0]}"));
    }
}
