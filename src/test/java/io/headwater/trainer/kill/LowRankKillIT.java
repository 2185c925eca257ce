package io.headwater.trainer.kill;

/** Kills a process that trains changes of low rank. */
class LowRankKillIT extends KillContract {
    LowRankKillIT() {
        super(KilledLearning.LOW_RANK);
    }
}
