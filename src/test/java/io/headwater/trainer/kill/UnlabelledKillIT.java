package io.headwater.trainer.kill;

/** Kills a process that reads samples without a label, too. */
class UnlabelledKillIT extends KillContract {
    UnlabelledKillIT() {
        super(KilledLearning.UNLABELLED);
    }
}
