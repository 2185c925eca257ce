package io.headwater.predictor;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Outcome;
import io.headwater.domain.Request;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topics;
import io.headwater.task.Featurizer;
import io.headwater.task.PayloadView;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads records of the requests topic up to the features of their payloads. Safe for use by several threads. */
public final class RequestReader {
    private final Topics topics;
    private final Codec codec;
    private final Featurizer featurizer;
    private final String adaptation;

    /** Creates a reader for the adaptation with the name {@code adaptation}. */
    public RequestReader(Topics topics, Codec codec, Featurizer featurizer, String adaptation) {
        this.topics = topics;
        this.codec = codec;
        this.featurizer = featurizer;
        this.adaptation = adaptation;
    }

    /** Returns the domain and the request of a record. */
    Outcome<Read> read(ConsumerRecord<byte[], byte[]> record) {
        return RecordKeys.check(record, topics)
                .then(domain -> codec.decode(EventType.REQUEST, record.value())
                        .then(request -> Outcome.ok(new Read(domain, request))));
    }

    /** A decoded request and its domain. */
    record Read(String domain, Request request) {}

    /**
     * Does with a request what answering it needs before a head predicts, and ignores the result. What another adaptation
     * answers is only decoded.
     *
     * @param decoded is run when the request is decoded or properly rejected
     */
    public void rehearse(ConsumerRecord<byte[], byte[]> record, Runnable decoded) {
        Outcome<Read> read = read(record);
        decoded.run();
        if (read instanceof Outcome.Ok<Read> ok) {
            Request request = ok.value().request();
            boolean isOurs =
                    request.adaptation().isEmpty() || request.adaptation().equals(adaptation);
            if (isOurs && featurizer.view(request.payload()) instanceof Outcome.Ok<PayloadView> view) {
                featurizer.features(List.of(view.value()));
            }
        }
    }
}
