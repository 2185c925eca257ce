package io.headwater.trainer.kill;

/** Kills a process that carries out commands for lanes. */
class CommandsKillIT extends KillContract {
    CommandsKillIT() {
        super(KilledLearning.COMMANDS);
    }
}
