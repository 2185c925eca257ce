package io.headwater.cli.pretrain;

import io.headwater.standalone.data.Corpus;
import io.headwater.standalone.pretrain.Languages;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for pre-training that all language models share. */
final class PretrainLanguageOptions {
    @Option(
            names = "--train",
            required = true,
            paramLabel = "FILE",
            description = "Texts: one per line, or a column of a .tsv, .csv or .jsonl file.")
    Path train;

    @Option(
            names = "--text",
            paramLabel = "COLUMN",
            description = "Column of the text: a name in the header, or a number starting at 1.")
    @Nullable
    String text;

    @Option(
            names = "--layers",
            paramLabel = "N",
            description = "Number of layers. Default: ${DEFAULT-VALUE}",
            defaultValue = "2")
    int layers;

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "Width of the hidden states. Default: ${DEFAULT-VALUE}",
            defaultValue = "128")
    int width;

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            description = "Maximum size of the vocabulary. Default: ${DEFAULT-VALUE}",
            defaultValue = "2000")
    int vocabulary;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Maximum tokens per text; longer texts are truncated. Default: ${DEFAULT-VALUE}",
            defaultValue = "64")
    int maxTokens;

    Corpus corpus() {
        return Corpus.read(train, text);
    }

    Languages.Sizes sizes(int heads) {
        return new Languages.Sizes(layers, width, heads, vocabulary, maxTokens);
    }
}
