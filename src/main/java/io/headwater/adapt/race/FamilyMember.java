package io.headwater.adapt.race;

import io.headwater.config.TrainingConfig.UnlabelledUse;
import io.headwater.task.LinearTarget;
import java.util.ArrayList;
import java.util.List;

/**
 * A place in the family of contenders of a lane.
 *
 * @param rule how the contender computes its weights
 * @param scope which samples it learns from
 */
record FamilyMember(Rule rule, Scope scope) {

    /** Returns the family for a form of targets; the first contender leads at the start. */
    static List<FamilyMember> family(LinearTarget kind) {
        return switch (kind) {
            case CLASSES ->
                List.of(
                        new FamilyMember(Rule.STACKED, Scope.ALL),
                        new FamilyMember(Rule.LOGISTIC, Scope.SINCE_CHANGE),
                        new FamilyMember(Rule.SCALED_DISCRIMINANT, Scope.SINCE_CHANGE),
                        new FamilyMember(Rule.UNIFORM_DISCRIMINANT, Scope.RECENT),
                        new FamilyMember(Rule.FORMER, Scope.NONE));
            case LABELS -> everyScope(Rule.LABELS);
            case NUMBERS -> everyScope(Rule.RIDGE);
        };
    }

    private static List<FamilyMember> everyScope(Rule rule) {
        return List.of(
                new FamilyMember(rule, Scope.ALL),
                new FamilyMember(rule, Scope.SINCE_CHANGE),
                new FamilyMember(rule, Scope.RECENT),
                new FamilyMember(Rule.FORMER, Scope.NONE));
    }

    /**
     * Returns the same family with the contenders that use samples without a label, at its end; only classes have such.
     *
     * @param unlabelled what these samples are used for
     */
    static List<FamilyMember> family(LinearTarget kind, UnlabelledUse unlabelled) {
        List<FamilyMember> family = new ArrayList<>(family(kind));
        if (kind == LinearTarget.CLASSES && unlabelled != UnlabelledUse.IGNORE) {
            family.add(new FamilyMember(Rule.ALIGNED, Scope.NONE));
            if (unlabelled.predictsLabels()) {
                family.add(new FamilyMember(Rule.SELF_TRAINED, Scope.NONE));
            }
            if (unlabelled == UnlabelledUse.PROPAGATE) {
                family.add(new FamilyMember(Rule.PROPAGATED, Scope.NONE));
            }
        }
        return List.copyOf(family);
    }

    /** Returns the names of the contenders of a family that use samples without a label. */
    static List<String> unlabelledNames(LinearTarget kind, UnlabelledUse unlabelled) {
        return family(kind, unlabelled).stream()
                .filter(FamilyMember::usesUnlabelled)
                .map(FamilyMember::name)
                .toList();
    }

    /** Returns whether the contender is a mean of several rules. */
    boolean isStacked() {
        return rule == Rule.STACKED;
    }

    /** Returns whether the contender has the weights that led before a change. */
    boolean isFormer() {
        return rule == Rule.FORMER;
    }

    /** Returns whether the contender uses samples without a label. */
    boolean usesUnlabelled() {
        return rule == Rule.ALIGNED || rule == Rule.SELF_TRAINED || rule == Rule.PROPAGATED;
    }

    /** Returns whether the contender gets its weights from elsewhere, instead of solving for them. */
    boolean isGiven() {
        return isFormer() || usesUnlabelled();
    }

    /** Returns the name of the contender. */
    String name() {
        return rule.text() + scope.suffix();
    }
}
