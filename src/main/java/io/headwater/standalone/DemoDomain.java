package io.headwater.standalone;

import io.headwater.domain.Prediction;
import io.headwater.domain.VersionRef;
import io.headwater.standalone.data.Item;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state of one domain during the demo: its items, the answers received, and the versions that gave them. */
final class DemoDomain {
    /** An item and the predictor's answer to it. */
    record Answered(Item item, String label, VersionRef by) {
        boolean right() {
            return label.equals(item.label().text());
        }
    }

    private final String name;
    private final List<Item> items;
    private final Map<String, Item> waiting = new HashMap<>();
    private final List<Answered> answered = new ArrayList<>();
    private int versions;

    DemoDomain(String name, List<Item> items) {
        this.name = name;
        this.items = items;
    }

    String name() {
        return name;
    }

    List<Item> items() {
        return items;
    }

    synchronized void asked(Item item) {
        waiting.put(item.id(), item);
    }

    /** Records an answer and returns the item it belongs to, or null if that item was answered already. */
    synchronized @Nullable Item answer(Prediction prediction) {
        Item item = waiting.remove(prediction.requestId());
        if (item != null) {
            answered.add(new Answered(item, prediction.label(), prediction.version()));
        }
        return item;
    }

    synchronized void published() {
        versions++;
    }

    synchronized int versions() {
        return versions;
    }

    synchronized List<Answered> answers() {
        return List.copyOf(answered);
    }

    /**
     * Returns the accuracy of the first {@code count} answers, or of the last {@code -count} answers if it is
     * negative.
     */
    double accuracy(int count) {
        List<Answered> all = answers();
        int n = Math.min(Math.abs(count), all.size());
        List<Answered> part = count < 0 ? all.subList(all.size() - n, all.size()) : all.subList(0, n);
        return n == 0 ? 0 : part.stream().filter(Answered::right).count() / (double) n;
    }

    List<Answered> last(int count) {
        List<Answered> all = answers();
        return all.subList(Math.max(0, all.size() - count), all.size());
    }
}
