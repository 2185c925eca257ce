package io.headwater.adapt.race;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.LinearTarget;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Watches the serving version of a lane: notes the changes of the stream that its errors show, and suspends promotions
 * after them. Not thread-safe.
 */
public final class ServingWatch {
    private final Goal goal;
    private final ChangeWatch watch;
    private final List<Change> changes = new ArrayList<>();
    private boolean changed;

    private ServingWatch(Goal goal, ChangeWatch watch) {
        this.goal = goal;
        this.watch = watch;
    }

    /** Creates a watch that has seen nothing. */
    public static ServingWatch create(Goal goal) {
        return new ServingWatch(goal, ChangeWatch.create());
    }

    /** Reads what {@link #write} wrote. */
    public static ServingWatch read(Goal goal, SectionReader section) {
        return new ServingWatch(goal, ChangeWatch.read(section));
    }

    /** Writes the state. */
    public void write(SectionWriter section) {
        watch.write(section);
    }

    /**
     * Compares the predictions of the serving version and of the newest weights.
     *
     * @param names names of the outputs that are known so far
     * @param expected targets of the samples
     * @param serving predictions of the serving version; empty when there is none
     * @param newest predictions of the newest weights; empty when there are none
     */
    public void observe(List<String> names, List<Target> expected, List<Answer> serving, List<Answer> newest) {
        for (int i = 0; i < Math.min(serving.size(), newest.size()); i++) {
            int stratum = stratum(names, expected.get(i));
            if (stratum >= 0) {
                watch.observe(
                                serving.get(i).score(expected.get(i)),
                                newest.get(i).score(expected.get(i)),
                                stratum)
                        .ifPresent(this::note);
            }
        }
    }

    private void note(Change change) {
        changes.add(change);
        changed = true;
    }

    /** Returns the stratum of a sample; -1 when its class is new. */
    private int stratum(List<String> names, Target expected) {
        float[] code = expected.code(names::indexOf);
        boolean isNew =
                code.length == 1 && code[0] < 0 && !goal.linearTarget().equals(Optional.of(LinearTarget.NUMBERS));
        return isNew ? -1 : goal.stratum(code);
    }

    /**
     * Ends a suspension when new weights are better than the serving version, or no worse for long enough.
     *
     * @param required evidence that is required
     */
    public void resume(double required) {
        watch.resumes(required);
    }

    /** Returns whether a change was detected since the last call. */
    public boolean takeChanged() {
        boolean taken = changed;
        changed = false;
        return taken;
    }

    /** Returns the changes that were detected since the last call. */
    public List<Change> takeChanges() {
        List<Change> taken = List.copyOf(changes);
        changes.clear();
        return taken;
    }

    /** Lets newest weights serve only once they have proved to be better than the version that serves. */
    public void suspend() {
        watch.suspend();
    }

    /** Returns why newest weights may not serve; empty when they may. */
    public Optional<Standing> suspension() {
        return watch.suspended() ? Optional.of(new Standing(false, watch.reason(goal.scoreName()))) : Optional.empty();
    }
}
