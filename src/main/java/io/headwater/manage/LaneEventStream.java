package io.headwater.manage;

import io.headwater.api.http.Problem;
import io.headwater.board.BoardContent;
import io.headwater.board.LaneView;
import io.headwater.domain.Lane;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events: one for each lane that has changed since the one before, at most twice a second. Who reads slowly gets fewer
 * events, each with the newest state; nothing is kept for them. A reader that reconnects gets what has changed meanwhile.
 */
final class LaneEventStream {
    private static final int MOST = 200;
    private static final long INTERVAL_MILLIS = 500;
    private static final int TURNS_OF_SILENCE = 30;

    /** So that numbers of another process are not taken for numbers of this one. */
    private final String process = UUID.randomUUID().toString().substring(0, 8);

    private final AtomicInteger readers = new AtomicInteger();

    /** Answers with events, of one lane or of all, until the reader goes. */
    void begin(RoutingContext context, BoardContent content, @Nullable Lane lane) {
        if (readers.incrementAndGet() > MOST) {
            readers.decrementAndGet();
            throw Problem.of(
                            429,
                            "Too many readers",
                            "at most %d readers follow the events at a time, and as many do; try again".formatted(MOST))
                    .raised();
        }
        HttpServerResponse response = context.response()
                .setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Content-Type-Options", "nosniff");
        Reader reader = new Reader(response, content, lane, since(context));
        long timer = context.vertx().setPeriodic(0, INTERVAL_MILLIS, id -> reader.turn());
        context.addEndHandler(ended -> {
            context.vertx().cancelTimer(timer);
            readers.decrementAndGet();
        });
    }

    /** Returns the revision that a reader has seen; 0 when it has seen none of this process. */
    private long since(RoutingContext context) {
        String last = context.request().getHeader("Last-Event-ID");
        if (last != null && last.startsWith(process + "-")) {
            try {
                return Long.parseLong(last.substring(process.length() + 1));
            } catch (NumberFormatException e) {
                return 0;
            }
        }
        return 0;
    }

    /** One reader, on the event loop of its connection. */
    private final class Reader {
        private final HttpServerResponse response;
        private final BoardContent content;
        private final @Nullable Lane lane;
        private long seen;
        private int silent;

        Reader(HttpServerResponse response, BoardContent content, @Nullable Lane lane, long seen) {
            this.response = response;
            this.content = content;
            this.lane = lane;
            this.seen = seen;
        }

        void turn() {
            if (response.closed() || response.writeQueueFull()) {
                return;
            }
            long now = content.revision();
            List<LaneView> changed = now == seen ? List.of() : content.changedSince(seen);
            StringBuilder events = new StringBuilder();
            for (LaneView one : changed) {
                if (lane == null || lane.equals(one.lane())) {
                    events.append("event: lane\nid: ")
                            .append(process)
                            .append('-')
                            .append(now);
                    events.append("\ndata: ").append(LaneJson.of(one)).append("\n\n");
                }
            }
            seen = now;
            silent = events.isEmpty() ? silent + 1 : 0;
            if (silent == TURNS_OF_SILENCE) {
                silent = 0;
                // A comment, so that neither side takes the connection for dead.
                events.append(":\n\n");
            }
            if (!events.isEmpty()) {
                response.write(events.toString());
            }
        }
    }
}
