package io.headwater.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts further JVM processes like this one. */
public final class Jvm {
    private Jvm() {}

    /**
     * Returns the command of a process with the flags and the class path of this one; the caller appends a class and
     * its arguments.
     */
    public static List<String> command(List<String> furtherFlags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(furtherFlags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return command;
    }
}
