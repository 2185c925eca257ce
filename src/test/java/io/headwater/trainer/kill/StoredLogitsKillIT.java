package io.headwater.trainer.kill;

/** Kills a process that recalls stored logits of replayed samples. */
class StoredLogitsKillIT extends KillContract {
    StoredLogitsKillIT() {
        super(KilledLearning.STORED_LOGITS);
    }
}
