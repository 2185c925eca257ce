package io.headwater.cli.pretrain;

import io.headwater.cli.console.HelpOption;
import io.headwater.standalone.pretrain.Languages;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code headwater pretrain elmo}. */
@Command(name = "elmo", description = "Train a language model of two LSTM stacks (ELMo) on unlabelled text.")
class PretrainElmoCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    PretrainOptions options;

    @Mixin
    PretrainLanguageOptions language;

    @Override
    public Integer call() throws Exception {
        return options.run(() -> Languages.elmo(language.corpus(), language.sizes(0), options.seed));
    }
}
