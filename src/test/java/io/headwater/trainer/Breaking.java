package io.headwater.trainer;

import io.headwater.adapt.StepReport;
import io.headwater.domain.Lane;

/** Makes a trainer fail, as a bug or lack of memory would, when it performs an action for the n-th time. */
final class Breaking implements TrainerListener {
    /** The actions at which a trainer can fail. */
    enum Last {
        POLLED,
        STEPPING,
        STEPPED,
        SENT,
        OFFSETS_SENT,
        COMMITTING,
        COMMITTED
    }

    /** An exception from which a trainer does not recover. */
    static final class BreakDown extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final Last last;
    private int left;

    Breaking(Last last, int times) {
        this.last = last;
        this.left = times;
    }

    private void passed(Last now) {
        if (now == last && --left == 0) {
            throw new BreakDown();
        }
    }

    @Override
    public void polled(int records) {
        passed(Last.POLLED);
    }

    @Override
    public void stepping(Lane lane) {
        passed(Last.STEPPING);
    }

    @Override
    public void stepped(Lane lane, StepReport report) {
        passed(Last.STEPPED);
    }

    @Override
    public void sent() {
        passed(Last.SENT);
    }

    @Override
    public void offsetsSent() {
        passed(Last.OFFSETS_SENT);
    }

    @Override
    public void committing() {
        passed(Last.COMMITTING);
    }

    @Override
    public void committed(PartitionCheckpoint checkpoint) {
        passed(Last.COMMITTED);
    }
}
