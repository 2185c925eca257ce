package io.headwater.trainer.kill;

/** Kills a process that learns the values of actions. */
class PolicyKillIT extends KillContract {
    PolicyKillIT() {
        super(KilledLearning.POLICY);
    }
}
