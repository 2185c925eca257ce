package io.headwater.ops;

import io.headwater.config.HeadwaterConfig.ProcessRole;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Creates the line that describes what a service runs, and on which devices. */
final class StartLine {
    private StartLine() {}

    static String of(
            Collection<ProcessRole> roles,
            AdaptationRuntime runtime,
            RuntimeSettings settings,
            List<String> createdTopics) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("roles", joined(new TreeSet<>(roles)));
        facts.put("instance", settings.instance());
        facts.put("adaptation", runtime.config().name());
        facts.put("task", runtime.config().task().key());
        facts.put("base", runtime.config().base());
        if (runtime.hasModel()) {
            model(facts, runtime, settings);
        }
        facts.put("prefix", settings.topics().prefix());
        facts.put("partitions", settings.topics().partitions());
        facts.put("created", joined(createdTopics));
        return facts.entrySet().stream()
                .map(fact -> fact.getKey() + "=" + quoted(String.valueOf(fact.getValue())))
                .collect(Collectors.joining(" ", "service-started ", ""));
    }

    private static void model(Map<String, Object> facts, AdaptationRuntime runtime, RuntimeSettings settings) {
        facts.put("digest", runtime.baseModel().abbreviated());
        facts.put("features", runtime.featureWidth());
        Map<String, String> engine = runtime.environment();
        facts.put("backbone", "onnxruntime");
        facts.put("backbone.device", runtime.devices().onnxRuntime());
        facts.put("backbone.workers", settings.workers());
        facts.put("backbone.threads", settings.threads());
        facts.put("head", "nd4j");
        facts.put("head.backend", engine.get("nd4j.backend"));
        facts.put("head.device", runtime.devices().nd4j());
        facts.put("head.threads", engine.get("nd4j.threads"));
        facts.put("features.file", runtime.cache().hasFile());
        facts.putAll(engine);
    }

    private static String joined(Collection<?> things) {
        return things.isEmpty() ? "none" : things.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static String quoted(String value) {
        return value.indexOf(' ') < 0 ? value : '"' + value + '"';
    }
}
