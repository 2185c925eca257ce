package io.headwater.bench.top;

import io.headwater.bench.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A {@link TopEngine} in a process of its own. */
final class TopProcess implements AutoCloseable {
    /** Prefix of answer lines; libraries print other lines. */
    static final String READY = "answer:";

    private final String name;
    private final Process process;
    private final PrintWriter out;
    private final BufferedReader in;

    private TopProcess(String name, Process process) throws IOException {
        this.name = name;
        this.process = process;
        this.out = new PrintWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8), true);
        this.in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        answer();
    }

    /** One step, with its time and the processor time of its thread. */
    record Step(double milliseconds, double processorMilliseconds, double loss) {}

    /** Peak resident memory, during the steps and of the whole process. */
    record Peak(int stepsMiB, int processMiB) {}

    /**
     * Starts a process with the JVM flags of {@code ./headwater}.
     *
     * @param engine name of the engine's class in this package
     * @param arguments arguments of this class
     * @param flags additional JVM flags
     * @param settings additional environment variables
     */
    static TopProcess start(String engine, List<String> arguments, List<String> flags, Map<String, String> settings)
            throws IOException {
        List<String> command = new ArrayList<>(Jvm.command(flags));
        command.add(TopProcess.class.getPackageName() + "." + engine);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(settings);
        return new TopProcess(engine + " of " + arguments, builder.start());
    }

    List<Step> steps(int count) throws IOException {
        String[] words = ask("step " + count);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < words.length; i += 3) {
            steps.add(new Step(
                    Long.parseLong(words[i]) / 1e6,
                    Long.parseLong(words[i + 1]) / 1e6,
                    Double.parseDouble(words[i + 2])));
        }
        return steps;
    }

    void gradients(Path file) throws IOException {
        ask("gradients " + file);
    }

    Peak peak() throws IOException {
        String[] words = ask("peak");
        return new Peak(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
    }

    private String[] ask(String question) throws IOException {
        out.println(question);
        return answer();
    }

    private String[] answer() throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith(READY)) {
                String rest = line.substring(READY.length()).strip();
                return rest.isEmpty() ? new String[0] : rest.split(" ");
            }
        }
        throw new IOException(name + " ended before it answered");
    }

    @Override
    public void close() {
        out.close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
