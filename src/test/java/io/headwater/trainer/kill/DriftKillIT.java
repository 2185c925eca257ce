package io.headwater.trainer.kill;

/** Kills trainers of lanes whose stream changes and changes back. */
class DriftKillIT extends KillContract {
    DriftKillIT() {
        super(KilledLearning.DRIFT);
    }
}
