package io.headwater.standalone;

import io.headwater.adapt.Example;
import io.headwater.adapt.Examples;
import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.PublishedHead;
import io.headwater.domain.Outcome;
import io.headwater.domain.VersionRef;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.standalone.data.Item;
import io.headwater.task.ScoredPrediction;
import java.util.ArrayList;
import java.util.List;

/** What a version would have answered. */
final class VersionAccuracy {
    private VersionAccuracy() {}

    /** Returns the share of {@code items} that {@code version} classifies as labelled; NaN when there are none. */
    static double of(AdaptationRuntime runtime, VersionRef version, List<Item> items) {
        List<Outcome<Examples.Pair>> pairs = new ArrayList<>();
        for (Item item : items) {
            pairs.add(Outcome.ok(new Examples.Pair(item.payload(), item.label())));
        }
        List<Example> examples = new ArrayList<>();
        for (Outcome<Example> one : new Examples(runtime.task(), runtime.featurizer()).of(pairs)) {
            if (one instanceof Outcome.Ok<Example> ok) {
                examples.add(ok.value());
            }
        }
        HeadArtifact head = HeadArtifact.fromBytes(runtime.store().get(version.artifact()));
        try (PublishedHead published = PublishedHead.open(head, runtime.heads())) {
            List<ScoredPrediction> scored = published.scored(runtime.task().goal(), examples);
            return scored.stream()
                            .filter(one -> one.predicted().equals(one.expected()))
                            .count()
                    / (double) scored.size();
        }
    }
}
