package io.headwater.trainer;

/** Kills a process that trains a head on frozen features. */
class LinearProbeKillIT extends KillContract {
    LinearProbeKillIT() {
        super(Learning.LINEAR_PROBE);
    }
}
