package io.headwater.trainer;

/** Kills a process that trains a head on a mix of frozen layers. */
class ScalarMixKillIT extends KillContract {
    ScalarMixKillIT() {
        super(Learning.SCALAR_MIX);
    }
}
