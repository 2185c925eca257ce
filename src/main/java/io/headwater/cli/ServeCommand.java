package io.headwater.cli;

import io.headwater.cli.console.HelpOption;
import io.headwater.ops.Roles;
import io.quarkus.runtime.Quarkus;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

    private final @Nullable Roles roles;

    /** Creates the command in a process that has no container: it only has its help. */
    ServeCommand() {
        this.roles = null;
    }

    /** Creates the command that starts {@code roles}. */
    ServeCommand(Roles roles) {
        this.roles = roles;
    }

    @Override
    public Integer call() throws Exception {
        Objects.requireNonNull(roles, "serve runs in its container").start();
        Quarkus.waitForExit();
        return 0;
    }
}
