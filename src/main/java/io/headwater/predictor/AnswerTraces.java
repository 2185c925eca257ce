package io.headwater.predictor;

import io.headwater.domain.Prediction;
import io.headwater.kafka.RecordTraces;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A span for each answer, in the trace of its request, from the time at which the broker had the request until the answer is committed.
 * The prediction carries it on. Without tracing, predictions carry the trace of their requests.
 */
final class AnswerTraces {
    private final Tracer tracer;
    private final List<Span> open = new ArrayList<>();

    AnswerTraces(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("io.headwater");
    }

    /** Begins the span of an answer, and marks its record. */
    void begin(ConsumerRecord<byte[], byte[]> request, Prediction prediction, ProducerRecord<byte[], byte[]> answer) {
        Context asked = RecordTraces.of(request.headers());
        Span span = tracer.spanBuilder("predict " + prediction.version().lane().adaptation())
                .setParent(asked)
                .setSpanKind(SpanKind.CONSUMER)
                .setStartTimestamp(request.timestamp(), TimeUnit.MILLISECONDS)
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.operation.type", "process")
                .setAttribute("messaging.destination.name", request.topic())
                .setAttribute("messaging.destination.partition.id", Integer.toString(request.partition()))
                .setAttribute("messaging.kafka.offset", request.offset())
                .setAttribute("headwater.lane", prediction.version().lane().key())
                .setAttribute("headwater.version", prediction.version().number())
                .startSpan();
        RecordTraces.mark(answer.headers(), asked.with(span));
        open.add(span);
    }

    /** Ends the spans of all answers, which are committed. */
    void committed() {
        open.forEach(Span::end);
        open.clear();
    }

    /** Forgets the spans of answers that were not committed: their requests are answered again. */
    void abandoned() {
        open.clear();
    }
}
