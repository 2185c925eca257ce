package io.headwater.standalone;

import io.headwater.domain.Rejection;
import io.headwater.streams.JoinEvent;
import io.headwater.streams.StreamsListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what the role that joins late labels does in a demo. */
final class JoinCounts implements StreamsListener {
    private final DemoView view;
    private final Map<JoinEvent, Integer> events = new ConcurrentHashMap<>();
    private final AtomicInteger deadLetters = new AtomicInteger();

    JoinCounts(DemoView view) {
        this.view = view;
    }

    @Override
    public void happened(JoinEvent event) {
        events.merge(event, 1, Integer::sum);
    }

    @Override
    public void rejected(Rejection rejection) {
        deadLetters.incrementAndGet();
    }

    @Override
    public void recovering(Exception cause) {
        view.stage("recovering from: " + cause.getMessage());
    }

    int count(JoinEvent event) {
        return events.getOrDefault(event, 0);
    }

    int deadLetters() {
        return deadLetters.get();
    }
}
