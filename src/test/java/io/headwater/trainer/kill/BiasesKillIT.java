package io.headwater.trainer.kill;

/** Kills a process that trains biases alone. */
class BiasesKillIT extends KillContract {
    BiasesKillIT() {
        super(KilledLearning.BIASES);
    }
}
