package io.headwater.bench.models;

import io.headwater.bench.models.Steps.Step;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The results of all models as a table in Markdown, with the causes of all failures below it. */
final class StepsTable {
    private StepsTable() {}

    /** Returns the table of reports that {@link ModelTrial} made. */
    static String of(List<Map<String, Object>> models) {
        StringBuilder table = new StringBuilder("| file | drafted |");
        for (Step step : Step.values()) {
            table.append(' ').append(step.label()).append(" |");
        }
        table.append("\n").append("| --- ".repeat(Step.values().length + 2)).append("|\n");
        List<String> causes = new ArrayList<>();
        int whole = 0;
        for (Map<String, Object> model : models) {
            Map<?, ?> steps = (Map<?, ?>) model.getOrDefault("steps", Map.of());
            table.append("| `%s` | %s |".formatted(model.get("model"), model.getOrDefault("drafted", "")));
            Set<String> told = new LinkedHashSet<>();
            boolean all = true;
            for (Step step : Step.values()) {
                String result = String.valueOf(steps.get(step.label()));
                boolean passed = result.equals(Steps.PASSED);
                boolean tried = !result.equals(Steps.NOT_TRIED);
                table.append(passed ? " yes |" : tried ? " **no** |" : " |");
                all &= passed;
                if (!passed && tried && told.add(result)) {
                    causes.add("* `%s`, %s: %s".formatted(model.get("model"), step.label(), result));
                }
            }
            whole += all ? 1 : 0;
            table.append("\n");
        }
        table.append("\n%d of %d files passed every step.\n".formatted(whole, models.size()));
        if (!causes.isEmpty()) {
            table.append("\n").append(String.join("\n", causes)).append("\n");
        }
        return table.toString();
    }
}
