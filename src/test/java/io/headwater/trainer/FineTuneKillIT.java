package io.headwater.trainer;

/** Kills a process that trains two unfrozen blocks. */
class FineTuneKillIT extends KillContract {
    FineTuneKillIT() {
        super(Learning.FINE_TUNE);
    }
}
