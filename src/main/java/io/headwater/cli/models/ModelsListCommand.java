package io.headwater.cli.models;

import io.headwater.cli.console.HelpOption;
import io.headwater.cli.console.Output;
import io.headwater.cli.console.Remarks;
import io.headwater.ops.BaseModels.Listing;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code headwater models list}. */
@Command(
        name = "list",
        description = "List the installed base models. The exit code is 1 if a manifest cannot be read.")
class ModelsListCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    Output output;

    @Mixin
    ModelsOption models;

    @Override
    public Integer call() {
        Listing listing = models.models().list();
        output.print(
                listing,
                () -> listing.models()
                        .forEach(entry -> output.line(
                                "%-24s %-8s %-12s %s", entry.name(), entry.input(), entry.family(), entry.licence())));
        listing.faults().forEach(fault -> Remarks.print("base model '%s': %s", fault.name(), fault.fault()));
        return listing.faults().isEmpty() ? 0 : 1;
    }
}
