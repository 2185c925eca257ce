package io.headwater.trainer.kill;

/** Kills a process whose head keeps weights in place that mattered. */
class ElasticWeightsKillIT extends KillContract {
    ElasticWeightsKillIT() {
        super(KilledLearning.ELASTIC_WEIGHTS);
    }
}
