package io.headwater.trainer;

/** Kills a process that learns the values of actions. */
class PolicyKillIT extends KillContract {
    PolicyKillIT() {
        super(Learning.POLICY);
    }
}
