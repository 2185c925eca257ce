package io.headwater.predictor;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.EventType;
import io.headwater.domain.Payload;
import io.headwater.domain.Request;
import io.headwater.kafka.Topic;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever puts a request into a trace finds its answer there. */
@OnEmbeddedBroker
class AnswerTracesEmbeddedTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String HEADER = "00-" + TRACE + "-" + PARENT + "-01";

    @TempDir
    private Path folder;

    @Test
    void shouldPutASpanOfEachAnswerIntoTheTraceOfItsRequest(BrokerUnderTest broker) throws Exception {
        InMemorySpanExporter spans = InMemorySpanExporter.create();
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(spans))
                .build()) {
            OpenTelemetry telemetry =
                    OpenTelemetrySdk.builder().setTracerProvider(provider).build();

            List<String> carried = answer(broker, telemetry, HEADER, "none of this form", null);

            List<SpanData> ended = spans.getFinishedSpanItems();
            assertThat(ended).hasSize(3);
            SpanData first = ended.get(0);
            assertThat(first.getTraceId()).isEqualTo(TRACE);
            assertThat(first.getParentSpanId()).isEqualTo(PARENT);
            assertThat(first.getAttributes().get(AttributeKey.stringKey("headwater.lane")))
                    .endsWith("/shop");
            assertThat(first.getAttributes().get(AttributeKey.longKey("headwater.version")))
                    .isEqualTo(3);
            assertThat(carried.get(0)).isEqualTo("00-" + TRACE + "-" + first.getSpanId() + "-01");
            // The others begin traces of their own.
            assertThat(ended.subList(1, 3)).allSatisfy(span -> {
                assertThat(span.getTraceId()).isNotEqualTo(TRACE);
                assertThat(span.getParentSpanContext().isValid()).isFalse();
            });
        }
    }

    @Test
    void shouldCarryTheTraceOnWithoutTracing(BrokerUnderTest broker) throws Exception {
        assertThat(answer(broker, OpenTelemetry.noop(), HEADER, "none of this form", null))
                .containsExactly(HEADER, "", "");
    }

    /** Asks with each of these headers {@code traceparent}, and returns those of the predictions, "" for none. */
    private List<String> answer(BrokerUnderTest broker, OpenTelemetry telemetry, @Nullable String... headers)
            throws Exception {
        try (Installation installation = Letters.open(broker, folder, null)) {
            Letters.serve(installation, "shop", 3);
            Predictor predictor = installation.predictor(telemetry);
            for (int i = 0; i < headers.length; i++) {
                installation.send(request(installation, i, headers[i]), true);
            }
            installation.flush();
            predictor.start();
            try {
                Await.until(
                        "all answers",
                        () -> Letters.predictions(installation, "shop").size() >= headers.length);
            } finally {
                predictor.stop();
                predictor.awaitEnd();
            }
            List<String> carried = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : installation.records(Topic.PREDICTIONS, "shop")) {
                Header header = record.headers().lastHeader("traceparent");
                carried.add(header == null ? "" : new String(header.value(), StandardCharsets.UTF_8));
            }
            return carried;
        }
    }

    private static ProducerRecord<byte[], byte[]> request(
            Installation installation, int id, @Nullable String traceparent) {
        Request request =
                new Request(Integer.toString(id), new Payload.Text("a text"), Instant.EPOCH, Letters.ADAPTATION);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                installation.topics().name(Topic.REQUESTS),
                installation.topics().partitionOf("shop"),
                "shop".getBytes(StandardCharsets.UTF_8),
                installation.codec().encode(EventType.REQUEST, request));
        if (traceparent != null) {
            record.headers().add("traceparent", traceparent.getBytes(StandardCharsets.UTF_8));
        }
        return record;
    }
}
