package io.headwater.trainer.kill;

/** Kills a process that trains only biases. */
class BiasesKillIT extends KillContract {
    BiasesKillIT() {
        super(KilledLearning.BIASES);
    }
}
