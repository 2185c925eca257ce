package io.headwater.trainer.kill;

/** Kills a process that trains action values. */
class PolicyKillIT extends KillContract {
    PolicyKillIT() {
        super(KilledLearning.POLICY);
    }
}
