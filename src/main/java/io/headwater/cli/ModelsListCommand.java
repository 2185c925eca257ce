package io.headwater.cli;

import io.headwater.ops.BaseModels.Entry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code headwater models list}. */
@Command(name = "list", description = "List the base models that adaptations can name.")
class ModelsListCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    Output output;

    @Mixin
    ModelsOption models;

    @Override
    public Integer call() {
        List<Entry> entries = models.models().list();
        output.print(
                Map.of("models", entries),
                () -> entries.forEach(entry -> output.line(
                        "%-24s %-8s %-12s %s", entry.name(), entry.input(), entry.family(), entry.licence())));
        return 0;
    }
}
