package io.headwater.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Further processes like this one. */
public final class Jvm {
    private Jvm() {}

    /** The command of a process with the flags and the class path of this one; a class and its arguments come next. */
    public static List<String> command(List<String> furtherFlags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(furtherFlags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return command;
    }
}
