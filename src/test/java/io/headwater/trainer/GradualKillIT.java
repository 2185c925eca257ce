package io.headwater.trainer;

/** Kills a process that trains one block after the other. */
class GradualKillIT extends KillContract {
    GradualKillIT() {
        super(Learning.GRADUAL);
    }
}
