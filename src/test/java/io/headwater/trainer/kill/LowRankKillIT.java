package io.headwater.trainer.kill;

/** Kills a process that trains low-rank adapters. */
class LowRankKillIT extends KillContract {
    LowRankKillIT() {
        super(KilledLearning.LOW_RANK);
    }
}
