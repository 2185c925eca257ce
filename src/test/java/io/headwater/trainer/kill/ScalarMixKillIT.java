package io.headwater.trainer.kill;

/** Kills a process that trains a head on a mix of frozen layers. */
class ScalarMixKillIT extends KillContract {
    ScalarMixKillIT() {
        super(KilledLearning.SCALAR_MIX);
    }
}
