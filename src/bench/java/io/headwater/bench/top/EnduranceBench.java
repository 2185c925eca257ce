package io.headwater.bench.top;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.bench.Bench;
import io.headwater.bench.Jvm;
import io.headwater.bench.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures memory over 10,000 steps of each strategy, each in a process of its own. */
final class EnduranceBench {
    /** Prefix of the answer line; libraries print other lines. */
    static final String ANSWER = "answer:";
    /** The whole heap is resident from the start, so that any growth is native memory. */
    private static final List<String> WHOLE_HEAP = List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");

    private EnduranceBench() {}

    public static void main(String[] args) throws Exception {
        int steps = Bench.isQuick(args) ? 1000 : 10_000;
        Map<String, String> machine = Machine.facts();
        List<JsonNode> strategies = new ArrayList<>();
        for (Endurance what : Endurance.values()) {
            strategies.add(run(what, steps));
            Bench.say("%s", strategies.get(strategies.size() - 1));
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("steps", steps);
        report.put("strategies", strategies);
        Bench.print("endurance", report, machine);
    }

    private static JsonNode run(Endurance what, int steps) throws Exception {
        List<String> command = new ArrayList<>(Jvm.command(WHOLE_HEAP));
        command.addAll(List.of(EnduranceRun.class.getName(), what.name(), Integer.toString(steps)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("the run of " + what + " failed: " + printed);
        }
        String answer = printed.lines()
                .filter(line -> line.startsWith(ANSWER))
                .findFirst()
                .orElseThrow(() -> new IOException("the run of " + what + " told nothing: " + printed));
        return new ObjectMapper().readTree(answer.substring(ANSWER.length()));
    }
}
