package io.headwater.cli.pretrain;

import io.headwater.cli.console.HelpOption;
import io.headwater.standalone.pretrain.Languages;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwater pretrain gpt}. */
@Command(name = "gpt", description = "Train a causal language model (GPT) on unlabelled text.")
class PretrainGptCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    PretrainOptions options;

    @Mixin
    PretrainLanguageOptions language;

    @Option(
            names = "--heads",
            paramLabel = "N",
            description = "Number of attention heads, a divisor of --width. Default: ${DEFAULT-VALUE}",
            defaultValue = "4")
    int heads;

    @Override
    public Integer call() throws Exception {
        return options.run(() -> Languages.gpt(language.corpus(), language.sizes(heads), options.seed));
    }
}
