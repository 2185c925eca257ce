package io.headwater.trainer.kill;

/** Kills a process that unfreezes one block after another. */
class GradualKillIT extends KillContract {
    GradualKillIT() {
        super(KilledLearning.GRADUAL);
    }
}
