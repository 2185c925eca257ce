package io.headwater.cli;

import io.headwater.cli.console.HelpOption;
import io.headwater.ops.Roles;
import io.quarkus.runtime.Quarkus;
import jakarta.inject.Inject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code headwater serve}. */
@Command(
        name = ServeCommand.NAME,
        description = "Run the configured roles as a service, with health and metrics on port 8080.",
        footer = {
            "",
            "Settings are environment variables: HEADWATER_ROLES, HEADWATER_BOOTSTRAP_SERVERS, HEADWATER_ADAPTATION,",
            "HEADWATER_STORE, HEADWATER_INSTANCE and those in docs/operations.md."
        })
class ServeCommand implements Callable<Integer> {
    static final String NAME = "serve";

    @Mixin
    HelpOption help;

    @Inject
    Roles roles;

    @Override
    public Integer call() throws Exception {
        roles.start();
        Quarkus.waitForExit();
        return 0;
    }
}
