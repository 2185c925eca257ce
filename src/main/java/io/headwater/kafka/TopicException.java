package io.headwater.kafka;

import java.util.List;

/** Thrown when topics do not meet the requirements; the message lists every fault. */
public final class TopicException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TopicException(List<String> faults) {
        super("the topics are not as they must be:\n  " + String.join("\n  ", faults));
    }
}
