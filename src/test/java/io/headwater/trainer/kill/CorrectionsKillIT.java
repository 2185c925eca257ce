package io.headwater.trainer.kill;

/** Kills a process that learns corrected labels. */
class CorrectionsKillIT extends KillContract {
    CorrectionsKillIT() {
        super(KilledLearning.CORRECTIONS);
    }
}
