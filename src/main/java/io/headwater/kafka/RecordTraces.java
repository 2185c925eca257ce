package io.headwater.kafka;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a record belongs to, in its headers {@code traceparent} and {@code tracestate} as the W3C recommendation "Trace Context"
 * defines them. Headers of strangers that are not of this form are taken for none.
 */
public final class RecordTraces {
    private static final W3CTraceContextPropagator FORM = W3CTraceContextPropagator.getInstance();
    private static final int LONGEST = 512;

    private static final TextMapGetter<Headers> READ = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers headers) {
            return Arrays.stream(headers.toArray()).map(Header::key).toList();
        }

        @Override
        public @Nullable String get(@Nullable Headers headers, String key) {
            Header header = headers == null ? null : headers.lastHeader(key);
            byte[] value = header == null ? null : header.value();
            return value == null || value.length > LONGEST ? null : new String(value, StandardCharsets.ISO_8859_1);
        }
    };

    private static final TextMapSetter<Headers> WRITE = (headers, key, value) -> {
        if (headers != null) {
            headers.remove(key).add(key, value.getBytes(StandardCharsets.ISO_8859_1));
        }
    };

    private RecordTraces() {}

    /** Returns the trace of a record, into which further spans can be put; the root context when it belongs to none. */
    public static Context of(Headers headers) {
        return FORM.extract(Context.root(), headers, READ);
    }

    /** Makes a record part of the trace of {@code context}; changes nothing when that has none. */
    public static void mark(Headers headers, Context context) {
        FORM.inject(context, headers, WRITE);
    }
}
