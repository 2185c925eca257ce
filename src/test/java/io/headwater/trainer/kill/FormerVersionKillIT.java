package io.headwater.trainer.kill;

/** Kills a process that recalls the predictions of a former version. */
class FormerVersionKillIT extends KillContract {
    FormerVersionKillIT() {
        super(KilledLearning.FORMER_VERSION);
    }
}
