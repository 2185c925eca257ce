package io.headwater.task.goal;

import io.headwater.config.ReinforcementConfig;
import io.headwater.domain.Label;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Label.Transition;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.OutputActivation;
import io.headwater.engine.OutputLayer;
import io.headwater.task.Answer;
import io.headwater.task.Bootstrap;
import io.headwater.task.Goal;
import io.headwater.task.PayloadView;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The value of each action, by double Q-learning with a target network (van Hasselt, Guez, Silver 2016, "Deep reinforcement
 * learning with double Q-learning"). The head in training chooses the next action, and the target network estimates the
 * value of that action. The target of a transition of n steps is the sum of their discounted rewards plus that value times
 * the discount to the n-th power (Sutton 1988).
 *
 * <p>The first number of a target is the sum of the rewards, to which {@link #complete} adds the value of the next action.
 * The second number is the factor of that value; it is 0 in a complete target.
 *
 * @param names of the allowed actions; empty to allow any
 * @param learning settings such as the discount
 */
public record ActionValueGoal(List<String> names, ReinforcementConfig learning) implements Goal, Bootstrap {
    public ActionValueGoal {
        names = List.copyOf(names);
    }

    @Override
    public OutputLayer output() {
        return new OutputLayer(new QObjective(learning.huberDelta()), false, OutputActivation.NONE);
    }

    @Override
    public int numbers() {
        return 2;
    }

    @Override
    public Outcome<Target> target(PayloadView view, Label label) {
        return target(new Transitions(names).check(view.payload(), label));
    }

    @Override
    public Outcome<Target> truth(PayloadView view, Label label) {
        return target(new Transitions(names).checkOfAnyAction(view.payload(), label));
    }

    private Outcome<Target> target(Outcome<Transition> checked) {
        return checked.then(transition -> {
            double sum = 0;
            double discount = 1;
            for (double reward : transition.rewards()) {
                sum += discount * reward;
                discount *= learning.discount();
            }
            float[] numbers = {(float) sum, transition.terminal() ? 0 : (float) discount};
            return Outcome.ok(new Target(List.of(transition.action()), numbers));
        });
    }

    /** {@inheritDoc} A terminal transition has no next observation, even if its label holds one. */
    @Override
    public Optional<Payload> next(Payload payload, Label label) {
        Transition transition = (Transition) label;
        return !transition.terminal() && payload instanceof Payload.Tensor seen
                ? Optional.of(new Payload.Tensor(seen.shape(), transition.nextObservation()))
                : Optional.empty();
    }

    @Override
    public int targetSteps() {
        return learning.targetSteps();
    }

    @Override
    public float[] complete(float[] numbers, float[] chooser, float[] valuer) {
        int best = best(chooser);
        double value = best < valuer.length ? valuer[best] : 0;
        return new float[] {(float) (numbers[0] + numbers[1] * value), 0};
    }

    /** {@inheritDoc} The index of the action and its value. */
    @Override
    public float[] encode(float[] code, int outputs) {
        return new float[] {code[0], code[1]};
    }

    @Override
    public Answer decode(List<String> outputs, float[] logits) {
        return new ActionValues(outputs, logits);
    }

    /** The value of each action. */
    private record ActionValues(List<String> actions, float[] values) implements Answer {

        /** {@inheritDoc} It is 1 / (1 + error). */
        @Override
        public double score(Target expected) {
            return 1 / (1 + error(expected));
        }

        /** {@inheritDoc} The value is that of the action that was taken; an action without an output has value 0. */
        @Override
        public double error(Target expected) {
            int action = actions.indexOf(expected.symbols().get(0));
            double value = action < 0 ? 0 : values[action];
            return Math.abs(value - expected.numbers()[0]);
        }

        /** The action of the highest value; the first of equals. */
        @Override
        public Label label(PayloadView view) {
            return new ClassLabel(actions.get(best(values)));
        }
    }

    @Override
    public String scoreName() {
        return "tdCloseness";
    }

    /** The share of transitions whose action is the best one, and the mean absolute error where all errors were kept. */
    @Override
    public SortedMap<String, Double> metrics(List<ScoredPrediction> scored) {
        double agreed = 0;
        double error = 0;
        for (ScoredPrediction one : scored) {
            agreed += one.predicted().text().equals(action(one.expected())) ? 1 : 0;
            error += one.error();
        }
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("agreement", agreed / scored.size());
        if (Double.isFinite(error)) {
            metrics.put("tdError", error / scored.size());
        }
        return metrics;
    }

    @Override
    public SortedMap<String, Double> observed(List<Label> labels) {
        return Transitions.played(labels);
    }

    private String action(Label label) {
        return new Transitions(names).name(((Transition) label).action());
    }

    /** The index of the largest value; the first of equals. */
    private static int best(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }
}
