package io.headwater.trainer;

/** Kills a process that trains biases alone. */
class BiasesKillIT extends KillContract {
    BiasesKillIT() {
        super(Learning.BIASES);
    }
}
