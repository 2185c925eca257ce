package io.headwater.standalone;

import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.Prediction;
import io.headwater.domain.VersionRef;
import io.headwater.standalone.data.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An act of the demo: messages of a domain that are asked one after another, the labels that are sent after the answers,
 * and the answers received.
 */
final class DemoAct {
    /**
     * An item and the predictor's answer to it.
     *
     * @param by the version that gave it
     * @param after time from the question to the answer
     */
    record Answered(Item item, boolean right, VersionRef by, Duration after) {}

    /** An item and the time of {@link System#nanoTime} at which it was asked. */
    private record Asked(Item item, long nanos) {}

    private final String title;
    private final String domain;
    private final List<Item> items;
    private final Map<String, Label> truth;
    private final Map<String, Asked> waiting = new HashMap<>();
    private final List<Answered> answered = new ArrayList<>();

    private DemoAct(String title, String domain, List<Item> items, Map<String, Label> truth) {
        this.title = title;
        this.domain = domain;
        this.items = items;
        this.truth = truth;
    }

    /** Creates an act in which the labels that are sent are right. */
    static DemoAct of(String domain, List<Item> items) {
        return new DemoAct(domain, domain, items, Map.of());
    }

    /** Creates an act with messages that are asked beside another act, in a domain of another name. */
    static DemoAct beside(String title, String domain, List<Item> items) {
        return new DemoAct(title, domain, items, Map.of());
    }

    /**
     * Creates an act in which messages are sent again, with other labels, which are right from now on.
     *
     * @param label returns the new name of a label
     */
    DemoAct again(String title, List<Item> items, Function<String, String> label) {
        return new DemoAct(title, domain, relabelled(title, items, label), Map.of());
    }

    /** Creates an act in which messages are sent again with labels that are drawn at random, and so mostly wrong. */
    DemoAct againWithRandomLabels(String title, List<Item> items, List<String> labels) {
        Random random = new Random(1);
        List<Item> wrong = relabelled(title, items, any -> labels.get(random.nextInt(labels.size())));
        Map<String, Label> right = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            right.put(wrong.get(i).id(), items.get(i).label());
        }
        return new DemoAct(title, domain, wrong, right);
    }

    private static List<Item> relabelled(String title, List<Item> items, Function<String, String> label) {
        return items.stream()
                .map(item -> new Item(
                        title + " " + item.id(),
                        new Label.ClassLabel(label.apply(item.label().text())),
                        item.source()))
                .toList();
    }

    /** Returns the name of the act, of at most nine characters. */
    String title() {
        return title;
    }

    String domain() {
        return domain;
    }

    /** Returns the messages with the labels that are sent. */
    List<Item> items() {
        return items;
    }

    synchronized void asked(Item item) {
        waiting.put(item.id(), new Asked(item, System.nanoTime()));
    }

    /** Returns how many items were asked and have no answer yet. */
    synchronized int unanswered() {
        return waiting.size();
    }

    /** Records an answer and returns it with the item it belongs to; null if that item is none of this act or was answered. */
    synchronized @Nullable Answered answer(Prediction prediction) {
        Asked asked = waiting.remove(prediction.requestId());
        if (asked == null) {
            return null;
        }
        Item item = asked.item();
        String right = truth.getOrDefault(item.id(), item.label()).text();
        Answered answer = new Answered(
                item,
                prediction.label().equals(right),
                prediction.version(),
                Duration.ofNanos(System.nanoTime() - asked.nanos()));
        answered.add(answer);
        return answer;
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

    /** Returns the accuracy of the answers that versions of {@code lane} gave; 0 when there are none. */
    double accuracyBy(Lane lane) {
        return answers().stream()
                .filter(one -> one.by().lane().equals(lane))
                .mapToInt(one -> one.right() ? 1 : 0)
                .average()
                .orElse(0);
    }

    List<Answered> last(int count) {
        List<Answered> all = answers();
        return all.subList(Math.max(0, all.size() - count), all.size());
    }
}
