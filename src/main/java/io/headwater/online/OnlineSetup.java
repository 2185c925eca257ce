package io.headwater.online;

import io.headwater.config.BaseModelInput;
import io.headwater.kafka.Clients;
import io.headwater.serving.ServingSetup;
import java.util.concurrent.Semaphore;

/**
 * The parts of a role that answers callers.
 *
 * @param serving what is needed to answer
 * @param input what the base model reads
 * @param clients of Kafka
 * @param group for the log
 * @param instance name of this process, for the log
 * @param settings of the role
 * @param turns a permit for each thread that may answer at the same time
 * @param listener of the role
 */
public record OnlineSetup(
        ServingSetup serving,
        BaseModelInput input,
        Clients clients,
        String group,
        String instance,
        OnlineSettings settings,
        Semaphore turns,
        OnlineListener listener) {}
