package io.headwater.trainer;

import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects the events that the lanes of one partition publish together. */
final class CheckpointBuilder {
    private final List<ModelVersion> versions = new ArrayList<>();
    private final Map<Lane, Serving> servings = new TreeMap<>();
    private final List<PartitionCheckpoint.Decision> decisions = new ArrayList<>();
    private final List<TrainerState> states = new ArrayList<>();
    private final List<Evaluation> evaluations = new ArrayList<>();
    private final List<DriftSignal> drifts = new ArrayList<>();

    void version(ModelVersion version) {
        versions.add(version);
    }

    /** Returns the versions so far. */
    List<ModelVersion> versions() {
        return List.copyOf(versions);
    }

    void serving(Lane lane, Serving serving) {
        servings.put(lane, serving);
    }

    void decision(Lane lane, Serving serving) {
        decisions.add(new PartitionCheckpoint.Decision(lane, serving));
    }

    void state(TrainerState state) {
        states.add(state);
    }

    void evaluation(Evaluation evaluation) {
        evaluations.add(evaluation);
    }

    void drift(DriftSignal drift) {
        drifts.add(drift);
    }

    /** Adds the events of another builder after those of this one. */
    void add(CheckpointBuilder other) {
        versions.addAll(other.versions);
        servings.putAll(other.servings);
        decisions.addAll(other.decisions);
        states.addAll(other.states);
        evaluations.addAll(other.evaluations);
        drifts.addAll(other.drifts);
    }

    PartitionCheckpoint build(
            int partition, long samplesOffset, long commandsOffset, List<PartitionCheckpoint.DeadLetter> deadLetters) {
        return new PartitionCheckpoint(
                partition,
                samplesOffset,
                commandsOffset,
                versions,
                servings,
                decisions,
                states,
                evaluations,
                drifts,
                deadLetters);
    }
}
