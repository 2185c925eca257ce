package io.headwater.trainer.kill;

/** Kills a process whose heads are computed in closed form. */
class ClosedFormKillIT extends KillContract {
    ClosedFormKillIT() {
        super(KilledLearning.CLOSED_FORM);
    }
}
