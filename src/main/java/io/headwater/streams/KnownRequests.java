package io.headwater.streams;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The requests of a partition that have not expired, and what is known of their answers. */
final class KnownRequests {
    private final KeyValueStore<Bytes, byte[]> requests;
    private final KeyValueStore<Bytes, byte[]> answers;

    KnownRequests(KeyValueStore<Bytes, byte[]> requests, KeyValueStore<Bytes, byte[]> answers) {
        this.requests = requests;
        this.answers = answers;
    }

    /** Returns a request; null when it has not come, or another adaptation answers it. */
    @Nullable
    OpenRequest opened(Bytes key) {
        byte[] value = requests.get(key);
        return value == null ? null : OpenRequest.decode(value);
    }

    /** Returns what is known of the answer to a request; null when nothing is. */
    @Nullable
    KnownAnswer answer(Bytes key) {
        byte[] value = answers.get(key);
        return value == null ? null : KnownAnswer.decode(value);
    }

    void put(Bytes key, OpenRequest opened) {
        requests.put(key, opened.encode());
    }

    void put(Bytes key, KnownAnswer answer) {
        answers.put(key, answer.encode());
    }

    /** Takes note that another adaptation answers a request, whose payload is not needed then. */
    void leave(Bytes key) {
        requests.delete(key);
        put(key, KnownAnswer.ELSEWHERE);
    }

    /** Forgets a request and its answer. */
    void forget(Bytes key) {
        requests.delete(key);
        answers.delete(key);
    }
}
