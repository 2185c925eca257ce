package io.headwater.engine.device;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Java processes with limited memory, for work that may end or block a process. */
public final class ChildJvm {
    private ChildJvm() {}

    /**
     * Returns the command that runs a class of this program, to which the name of the class and its arguments must be
     * appended. The process ends when its heap is exhausted, and does not deserialise Java objects.
     *
     * @param megabytes maximum heap in MiB; the same amount is allowed for each of direct buffers and ND4J's arrays
     */
    public static List<String> command(int megabytes) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + megabytes + "m",
                "-XX:MaxDirectMemorySize=" + megabytes + "m",
                "-Dorg.bytedeco.javacpp.maxbytes=" + megabytes + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Djdk.serialFilter=!*",
                "-Djava.awt.headless=true"));
        String cache = System.getProperty("org.bytedeco.javacpp.cachedir");
        if (cache != null) {
            command.add("-Dorg.bytedeco.javacpp.cachedir=" + cache);
        }
        command.addAll(List.of("-cp", classPath()));
        return command;
    }

    /**
     * Returns the class path of the process. The packaged service has only one small jar on its class path, which
     * loads the other jars from the folders next to it.
     */
    private static String classPath() {
        String own = System.getProperty("java.class.path");
        List<String> all = new ArrayList<>();
        for (String entry : own.split(File.pathSeparator, -1)) {
            all.add(entry);
            if (entry.endsWith("quarkus-run.jar")) {
                Path folder = Path.of(entry).toAbsolutePath().getParent();
                for (String part : List.of("app", "lib/main", "lib/boot")) {
                    all.add(folder + "/" + part + "/*");
                }
            }
        }
        return String.join(File.pathSeparator, all);
    }
}
