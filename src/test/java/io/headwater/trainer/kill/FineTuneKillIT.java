package io.headwater.trainer.kill;

/** Kills a process that trains two unfrozen blocks. */
class FineTuneKillIT extends KillContract {
    FineTuneKillIT() {
        super(KilledLearning.FINE_TUNE);
    }
}
