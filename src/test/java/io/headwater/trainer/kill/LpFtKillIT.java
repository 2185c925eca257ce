package io.headwater.trainer.kill;

/** Kills a process that trains the output layer, then two blocks. */
class LpFtKillIT extends KillContract {
    LpFtKillIT() {
        super(KilledLearning.LP_FT);
    }
}
