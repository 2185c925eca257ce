package io.headwater.task.goal;

import io.headwater.domain.Label;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Label.Transition;
import io.headwater.domain.Outcome;
import io.headwater.engine.OutputLayer;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.LinearTarget;
import io.headwater.task.PayloadView;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Behaviour cloning: the action of each transition is predicted as a class (Pomerleau 1991, "Efficient training of
 * artificial neural networks for autonomous navigation"). Rewards and next observations are checked but not used.
 */
public record ImitationGoal(ClassGoal actions) implements Goal {

    /**
     * A goal.
     *
     * @param names of the only actions; empty when any will do
     * @param smoothing as {@link ClassGoal} has it
     */
    public ImitationGoal(List<String> names, double smoothing) {
        this(new ClassGoal(names, smoothing));
    }

    @Override
    public OutputLayer output() {
        return actions.output();
    }

    @Override
    public List<String> names() {
        return actions.names();
    }

    @Override
    public Outcome<Target> target(PayloadView view, Label label) {
        return target(new Transitions(names()).check(view.payload(), label));
    }

    @Override
    public Outcome<Target> truth(PayloadView view, Label label) {
        return target(new Transitions(names()).checkOfAnyAction(view.payload(), label));
    }

    private static Outcome<Target> target(Outcome<Transition> checked) {
        return checked.then(transition -> Outcome.ok(Target.of(List.of(transition.action()))));
    }

    @Override
    public float[] encode(float[] code, int outputs) {
        return actions.encode(code, outputs);
    }

    @Override
    public int stratum(float[] code) {
        return actions.stratum(code);
    }

    @Override
    public Optional<LinearTarget> linearTarget() {
        return actions.linearTarget();
    }

    @Override
    public int thresholds() {
        return actions.thresholds();
    }

    @Override
    public Answer decode(List<String> outputs, float[] logits) {
        return actions.decode(outputs, logits);
    }

    @Override
    public String scoreName() {
        return actions.scoreName();
    }

    /** The most frequent action. */
    @Override
    public Optional<Label> majority(List<Label> labels) {
        return actions.majority(labels.stream().map(this::taken).toList());
    }

    @Override
    public SortedMap<String, Double> metrics(List<ScoredPrediction> scored) {
        return actions.metrics(scored.stream()
                .map(one -> new ScoredPrediction(taken(one.expected()), one.predicted()))
                .toList());
    }

    @Override
    public SortedMap<String, Double> observed(List<Label> labels) {
        return Transitions.played(labels);
    }

    private Label taken(Label label) {
        return new ClassLabel(new Transitions(names()).name(((Transition) label).action()));
    }
}
