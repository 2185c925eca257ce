package io.headwater.cli;

import io.headwater.standalone.pretrain.Languages;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwater pretrain bert}. */
@Command(name = "bert", description = "Make a masked language model (BERT) of unlabelled text.")
class PretrainBertCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    PretrainOptions options;

    @Mixin
    PretrainLanguageOptions language;

    @Option(
            names = "--heads",
            paramLabel = "N",
            description = "Of attention, which --width is a multiple of. Default: ${DEFAULT-VALUE}",
            defaultValue = "4")
    int heads;

    @Override
    public Integer call() throws Exception {
        return options.run(() -> Languages.bert(language.corpus(), language.sizes(heads), options.seed));
    }
}
