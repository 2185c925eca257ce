package io.headwater.standalone;

import io.headwater.domain.LateLabel;
import io.headwater.standalone.data.Item;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A domain whose messages are asked twice: in a lane that gets few labels late, and in another one, named with a star, that gets
 * all of them at once.
 *
 * @param late messages of the lane with few labels
 * @param atOnce the same messages, of the other lane
 * @param chosen ids of the messages whose labels come
 */
record LateHouse(DemoAct late, DemoAct atOnce, Set<String> chosen) {
    LateHouse {
        chosen = Set.copyOf(chosen);
    }

    /** Returns a house with the requests of {@code domain} that {@code plan} wants. */
    static LateHouse of(String domain, LatePlan plan) throws IOException {
        Random random = new Random(plan.seed());
        List<Item> items = requests(DemoFiles.messages(domain), plan, random);
        return new LateHouse(
                DemoAct.of(domain, items),
                DemoAct.beside(domain + "*", domain + "-at-once", items),
                chosen(items, plan.oneIn(), random));
    }

    /** Messages come again, each time in another order, except for the last ones, which come once. */
    private static List<Item> requests(List<Item> messages, LatePlan plan, Random random) {
        List<Item> usual = new ArrayList<>(messages.subList(0, messages.size() - plan.last()));
        List<Item> requests = new ArrayList<>();
        while (requests.size() < plan.requests() - plan.last()) {
            Collections.shuffle(usual, random);
            usual.stream()
                    .limit(plan.requests() - plan.last() - requests.size())
                    .map(item -> new Item(requests.size() + " " + item.id(), item.label(), item.source()))
                    .forEachOrdered(requests::add);
        }
        requests.addAll(messages.subList(messages.size() - plan.last(), messages.size()));
        return requests;
    }

    /** Of each {@code oneIn} messages that follow each other, one is chosen at random. */
    static Set<String> chosen(List<Item> items, int oneIn, Random random) {
        Set<String> chosen = new HashSet<>();
        for (int from = 0; from < items.size(); from += oneIn) {
            int index = from + random.nextInt(oneIn);
            if (index < items.size()) {
                chosen.add(items.get(index).id());
            }
        }
        return chosen;
    }

    List<DemoAct> acts() {
        return List.of(late, atOnce);
    }

    /** Asks the message of a number in both lanes. */
    void ask(int number, SampleProducer producer) {
        for (DemoAct act : acts()) {
            Item item = act.items().get(number);
            act.asked(item);
            producer.request(act.domain(), item.id(), item.payload());
        }
    }

    /** Returns the label of a message. */
    static LateLabel label(DemoAct act, Item item) {
        return new LateLabel(item.id(), act.domain(), item.label(), Instant.EPOCH);
    }
}
