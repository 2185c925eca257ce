package io.headwater.trainer.kill;

/** Kills a process that trains one block after the other. */
class GradualKillIT extends KillContract {
    GradualKillIT() {
        super(KilledLearning.GRADUAL);
    }
}
