package io.headwater.bench.learner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.bench.Folders;
import io.headwater.config.TaskKind;
import io.headwater.domain.Label;
import io.headwater.standalone.data.Dataset;
import io.headwater.standalone.data.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The items of one set before their features are computed.
 *
 * @param task how the items are read
 * @param groupKind what a group is; empty when there is none
 * @param train items to learn from
 * @param trainGroups group of each of them; empty when there is none
 * @param test items to score
 * @param testGroups group of each of them; empty when there is none
 */
record LabelledItems(
        TaskKind task,
        String groupKind,
        List<Item> train,
        List<String> trainGroups,
        List<Item> test,
        List<String> testGroups) {
    private static final long SEED = 1;

    /** Texts of a file each. */
    static LabelledItems texts(Path train, Path test) {
        return ungrouped(TaskKind.TEXT_CLASSIFICATION, items(train), items(test));
    }

    private static List<Item> items(Path file) {
        return Dataset.open(file, TaskKind.TEXT_CLASSIFICATION).items();
    }

    private static LabelledItems ungrouped(TaskKind task, List<Item> train, List<Item> test) {
        return new LabelledItems(task, "", train, List.of(), test, List.of());
    }

    /** Texts of one file, shuffled, of which the first are to learn from and the next to score. */
    static LabelledItems shuffledTexts(Path file, int train, int test) {
        List<Item> items = new ArrayList<>(items(file));
        Collections.shuffle(items, new Random(SEED));
        return ungrouped(TaskKind.TEXT_CLASSIFICATION, items.subList(0, train), items.subList(train, train + test));
    }

    /** Images in class folders of a zip each. */
    static LabelledItems images(Path train, Path test) {
        TaskKind task = TaskKind.IMAGE_CLASSIFICATION;
        return ungrouped(
                task,
                Dataset.open(train, task).items(),
                Dataset.open(test, task).items());
    }

    /** Returns the same images after a corruption. */
    LabelledItems corrupted(Corruption corruption) {
        return ungrouped(
                task,
                train.stream().map(corruption::worse).toList(),
                test.stream().map(corruption::worse).toList());
    }

    /** Questions, labelled with the title of their article; the last fifth after shuffling is to score. */
    static LabelledItems articles(Path file, Path work) throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonNode article : new ObjectMapper().readTree(file.toFile()).path("data")) {
            for (JsonNode paragraph : article.path("paragraphs")) {
                for (JsonNode question : paragraph.path("qas")) {
                    lines.add(article.path("title").asText() + "\t"
                            + question.path("question").asText().replaceAll("\\s+", " "));
                }
            }
        }
        Path table = Files.write(work.resolve("articles.tsv"), lines);
        return shuffledTexts(table, lines.size() * 4 / 5, lines.size() - lines.size() * 4 / 5);
    }

    /** Spoken digits; the digits of {@code held} are to score. */
    static LabelledItems digits(Path zip, Path work, String held) throws IOException {
        List<String> files = recordings(zip, work);
        List<String> train =
                files.stream().filter(file -> !speaker(file).equals(held)).toList();
        List<String> test =
                files.stream().filter(file -> speaker(file).equals(held)).toList();
        return new LabelledItems(
                TaskKind.AUDIO_CLASSIFICATION,
                "speaker",
                sounds(train, work, "digits-train", false),
                train.stream().map(LabelledItems::speaker).toList(),
                sounds(test, work, "digits-test", false),
                test.stream().map(LabelledItems::speaker).toList());
    }

    /** Spoken digits, labelled with speaker and digit; the last quarter is to score. */
    static LabelledItems speakers(Path zip, Path work) throws IOException {
        List<String> files = recordings(zip, work);
        int train = files.size() * 3 / 4;
        return ungrouped(
                TaskKind.AUDIO_CLASSIFICATION,
                sounds(files.subList(0, train), work, "speakers-train", true),
                sounds(files.subList(train, files.size()), work, "speakers-test", true));
    }

    private static List<String> recordings(Path zip, Path work) throws IOException {
        List<String> files = new ArrayList<>(Folders.unpack(zip, work));
        Collections.shuffle(files, new Random(SEED));
        return files;
    }

    private static String speaker(String file) {
        return file.split("_")[1];
    }

    private static List<Item> sounds(List<String> files, Path work, String name, boolean withSpeaker)
            throws IOException {
        List<String> lines = files.stream()
                .map(file -> file.charAt(0) + (withSpeaker ? "-" + speaker(file) : "") + "\t" + file)
                .toList();
        Path table = Files.write(work.resolve(name + ".tsv"), lines);
        return Dataset.open(table, TaskKind.AUDIO_CLASSIFICATION).items();
    }

    /** Tagged tokens of about {@code trainTokens} and {@code testTokens} tokens in whole sentences. */
    static LabelledItems sentences(Path train, Path test, int trainTokens, int testTokens) {
        List<Item> learned = someSentences(train, trainTokens);
        List<Item> scored = someSentences(test, testTokens);
        return new LabelledItems(
                TaskKind.TOKEN_CLASSIFICATION, "sentence", learned, numbers(learned), scored, numbers(scored));
    }

    private static List<String> numbers(List<Item> items) {
        return IntStream.range(0, items.size()).mapToObj(String::valueOf).toList();
    }

    private static List<Item> someSentences(Path file, int tokens) {
        List<Item> items = new ArrayList<>(
                Dataset.open(file, TaskKind.TOKEN_CLASSIFICATION).items());
        Collections.shuffle(items, new Random(SEED));
        List<Item> some = new ArrayList<>();
        int count = 0;
        for (Item item : items) {
            if (count < tokens) {
                some.add(item);
                count += ((Label.TokenTags) item.label()).tags().size();
            }
        }
        return some;
    }
}
