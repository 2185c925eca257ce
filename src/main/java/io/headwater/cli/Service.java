package io.headwater.cli;

import io.headwater.ops.Roles;
import io.quarkus.runtime.QuarkusApplication;
import picocli.CommandLine;

/** The application that Quarkus runs: the command {@code serve} with the roles of the container. */
final class Service implements QuarkusApplication {
    private final Roles roles;

    Service(Roles roles) {
        this.roles = roles;
    }

    @Override
    public int run(String... args) {
        CommandLine.IFactory others = CommandLine.defaultFactory();
        CommandLine.IFactory factory = new CommandLine.IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                return type == ServeCommand.class ? type.cast(new ServeCommand(roles)) : others.create(type);
            }
        };
        return HeadwaterMain.commandLine(factory, args).execute(args);
    }
}
