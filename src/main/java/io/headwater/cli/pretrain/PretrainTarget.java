package io.headwater.cli.pretrain;

import io.headwater.cli.console.Output;
import io.headwater.standalone.pretrain.Pretraining.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options for the target of pre-training and for printing its results. */
final class PretrainTarget {
    @Mixin
    Output output;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder for the base model: new, empty, or that of an interrupted run.")
    Path out;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the base model. Default: the name of the folder.")
    @Nullable
    String name;

    @Option(
            names = "--licence",
            paramLabel = "TEXT",
            description =
                    "SPDX identifier of the licence of the training data, or its description. Default: ${DEFAULT-VALUE}",
            defaultValue = "none stated")
    String licence;

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    /** Returns the target of the pre-training. */
    Target get() {
        try {
            return new Target(out, name(), licence, command());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private String name() {
        return name != null
                ? name
                : String.valueOf(out.toAbsolutePath().normalize().getFileName());
    }

    /** Returns the command line as typed, without {@code --out} and {@code --json}. */
    private List<String> command() {
        List<String> command = new ArrayList<>(List.of("headwater"));
        List<String> typed = spec.root().commandLine().getParseResult().originalArgs();
        for (int i = 0; i < typed.size(); i++) {
            if (typed.get(i).equals("--out")) {
                i++;
            } else if (!typed.get(i).startsWith("--out=") && !typed.get(i).equals("--json")) {
                command.add(typed.get(i));
            }
        }
        return command;
    }
}
