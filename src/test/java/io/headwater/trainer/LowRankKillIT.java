package io.headwater.trainer;

/** Kills a process that trains changes of low rank. */
class LowRankKillIT extends KillContract {
    LowRankKillIT() {
        super(Learning.LOW_RANK);
    }
}
