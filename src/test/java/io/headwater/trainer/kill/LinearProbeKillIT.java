package io.headwater.trainer.kill;

/** Kills a process that trains a head on frozen features. */
class LinearProbeKillIT extends KillContract {
    LinearProbeKillIT() {
        super(KilledLearning.LINEAR_PROBE);
    }
}
