package io.headwater.bench.transfer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Generates reviews and complaints whose test texts use other words than the training texts, so that a model with
 * knowledge of the language has an advantage.
 */
final class GeneratedTexts {
    /** Words grouped by grade, from worst to best; the words of a grade are near synonyms. */
    private static final List<List<String>> GRADES = List.of(
            List.of("terrible", "awful", "horrible", "dreadful", "disgusting", "atrocious", "appalling", "abysmal"),
            List.of("bad", "poor", "disappointing", "weak", "unpleasant", "mediocre", "unsatisfying", "shoddy"),
            List.of("okay", "average", "acceptable", "ordinary", "fair", "passable", "standard", "tolerable"),
            List.of("good", "nice", "pleasant", "enjoyable", "solid", "likeable", "decent", "satisfying"),
            List.of(
                    "excellent",
                    "wonderful",
                    "fantastic",
                    "brilliant",
                    "superb",
                    "marvellous",
                    "outstanding",
                    "amazing"));

    private static final List<String> THINGS =
            List.of("room", "breakfast", "pool", "view", "bed", "garden", "bathroom", "dinner");
    private static final List<String> PEOPLE =
            List.of("staff", "waiter", "reception", "manager", "service", "team", "driver", "chef");

    /** Complaints about each topic; the first {@link #LEARNED} of each are used in training. */
    private static final List<List<String>> COMPLAINTS = List.of(
            List.of(
                    "the parcel came three days late",
                    "the courier left it in the rain",
                    "shipping took two weeks",
                    "it never arrived",
                    "the driver went to the wrong house",
                    "the postman lost my package",
                    "dispatch was delayed again",
                    "I waited a month for the mail"),
            List.of(
                    "it costs far too much",
                    "I paid twice what it is worth",
                    "the fee is a rip-off",
                    "other shops sell it cheaper",
                    "it is overpriced",
                    "way beyond my budget",
                    "such an expensive thing",
                    "not worth the money"),
            List.of(
                    "the handle broke at once",
                    "the seams came apart",
                    "it stopped working after a day",
                    "the screen has scratches",
                    "the material feels flimsy",
                    "the zip is already torn",
                    "it fell to pieces",
                    "badly made and fragile"),
            List.of(
                    "nobody answered my mails",
                    "the agent on the phone was rude",
                    "they hung up on me",
                    "the help desk ignored us",
                    "support never called back",
                    "the clerk was impolite",
                    "their staff were of no help",
                    "I could not reach anybody there"));

    private static final List<String> TOPICS = List.of("delivery", "price", "quality", "service");
    /** Number of words, or complaints, of each kind that occur in training; the others occur only in the test. */
    private static final int LEARNED = 5;

    private GeneratedTexts() {}

    /** Generates reviews with two scores from -1 to 1, one for a thing and one for people. */
    static TransferData reviews(int count, boolean test, long seed) {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int thing = random.nextInt(GRADES.size());
            int people = random.nextInt(GRADES.size());
            String ofThing = "the %s was %s".formatted(any(THINGS, random), word(GRADES.get(thing), test, random));
            String ofPeople = "the %s was %s".formatted(any(PEOPLE, random), word(GRADES.get(people), test, random));
            String text = random.nextBoolean() ? ofThing + " and " + ofPeople : ofPeople + ", but " + ofThing;
            lines.add("%s %s\t%s".formatted((thing - 2) / 2.0, (people - 2) / 2.0, text));
        }
        return new TransferData.Lines(lines, false);
    }

    /** Generates texts with complaints about one to three topics, labelled with the topics. */
    static TransferData complaints(int count, boolean test, long seed) {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> topics = new ArrayList<>();
            List<String> predicted = new ArrayList<>();
            List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
            Collections.shuffle(order, random);
            for (int topic : order.subList(0, 1 + random.nextInt(3))) {
                topics.add(TOPICS.get(topic));
                predicted.add(word(COMPLAINTS.get(topic), test, random));
            }
            lines.add(String.join("|", topics) + "\t" + String.join(", ", predicted));
        }
        return new TransferData.Lines(lines, false);
    }

    private static String word(List<String> words, boolean test, Random random) {
        return any(test ? words.subList(LEARNED, words.size()) : words.subList(0, LEARNED), random);
    }

    private static String any(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }
}
