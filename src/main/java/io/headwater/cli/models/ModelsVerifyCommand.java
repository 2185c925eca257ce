package io.headwater.cli.models;

import io.headwater.cli.console.HelpOption;
import io.headwater.cli.console.Output;
import io.headwater.ops.BaseModels.Verified;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code headwater models verify}. */
@Command(
        name = "verify",
        description = "Verify the digests of base models and run them. The exit code is 1 if a model cannot be used.")
class ModelsVerifyCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    Output output;

    @Mixin
    ModelsOption models;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The model. Default: all installed models.")
    @Nullable
    String name;

    @Override
    public Integer call() {
        List<Verified> verified = models.models().verify(name);
        output.print(
                Map.of("models", verified),
                () -> verified.forEach(model -> output.line("%-24s %s", model.name(), model.summary())));
        return verified.stream().allMatch(model -> model.fault() == null) ? 0 : 1;
    }
}
