package io.headwater.cli;

import io.headwater.standalone.data.Corpus;
import io.headwater.standalone.pretrain.Languages;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What language models have in common. */
final class PretrainLanguageOptions {
    @Option(
            names = "--train",
            required = true,
            paramLabel = "FILE",
            description = "Texts: one a line, or a column of a .tsv, .csv or .jsonl file.")
    Path train;

    @Option(
            names = "--text",
            paramLabel = "COLUMN",
            description = "Column of the text: a name in the first line, or a number from 1.")
    @Nullable
    String text;

    @Option(names = "--layers", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}", defaultValue = "2")
    int layers;

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "Of hidden states. Default: ${DEFAULT-VALUE}",
            defaultValue = "128")
    int width;

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            description = "Most tokens that there are. Default: ${DEFAULT-VALUE}",
            defaultValue = "2000")
    int vocabulary;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Of a text; what comes after is cut off. Default: ${DEFAULT-VALUE}",
            defaultValue = "64")
    int maxTokens;

    Corpus corpus() {
        return Corpus.read(train, text);
    }

    Languages.Sizes sizes(int heads) {
        return new Languages.Sizes(layers, width, heads, vocabulary, maxTokens);
    }
}
