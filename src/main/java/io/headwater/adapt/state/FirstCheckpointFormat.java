package io.headwater.adapt.state;

import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The first format of checkpoints, which release 0.1.0 wrote. It has the same tensors and values as the second format,
 * but its names support only one contender and no sections.
 */
final class FirstCheckpointFormat {
    static final String NAME = "headwater-checkpoint-1";

    /**
     * A prefix of names in the first format and its replacement in the second format. The first matching prefix
     * applies.
     */
    private record Renamed(String former, String present) {}

    private static final List<Renamed> TENSORS = List.of(
            new Renamed("head/", "contenders/gradient/head/"),
            new Renamed("optimiser/", "contenders/gradient/optimiser/"),
            new Renamed("target/", "contenders/gradient/target/"),
            new Renamed("replay/", "memory/replay/"),
            new Renamed("anchor/", "memory/held-out/"),
            new Renamed("strata/counts", "memory/counts"),
            new Renamed("gate/window", "champion/window"));

    private static final Map<String, String> METADATA = Map.of(
            "iteration", "contenders/gradient/iteration",
            "samples", "memory/samples",
            "steps", "memory/steps",
            "started", "memory/started");

    private FirstCheckpointFormat() {}

    /** Returns the same content with the names of the second format. */
    static Safetensors.Contents upgraded(Safetensors.Contents file) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        file.tensors().forEach((name, tensor) -> tensors.put(renamed(name), tensor));
        SortedMap<String, String> metadata = new TreeMap<>();
        file.metadata().forEach((name, value) -> metadata.put(METADATA.getOrDefault(name, name), value));
        return new Safetensors.Contents(tensors, metadata);
    }

    private static String renamed(String name) {
        for (Renamed one : TENSORS) {
            if (name.startsWith(one.former())) {
                return one.present() + name.substring(one.former().length());
            }
        }
        return name;
    }
}
