package io.headwater.trainer;

/** Kills a process that trains the output layer, then two blocks. */
class LpFtKillIT extends KillContract {
    LpFtKillIT() {
        super(Learning.LP_FT);
    }
}
