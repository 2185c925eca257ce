package io.headwater.bench.learner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A classification set as features of a frozen model.
 *
 * @param name the name of the set
 * @param classes names of the classes
 * @param groups names of the groups; empty when the samples have none
 * @param groupKind what a group is: {@code speaker}, {@code sentence}
 * @param train samples to learn from
 * @param test samples to score
 */
public record FeatureSet(
        String name, List<String> classes, List<String> groups, String groupKind, Part train, Part test) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int IMBALANCE = 10;
    private static final String DESCRIPTION = "set.json";

    /**
     * Samples.
     *
     * @param features one row for each sample
     * @param labels index of the class of each sample
     * @param groups index of the group of each sample; -1 when it has none
     */
    public record Part(float[][] features, int[] labels, int[] groups) {
        /** Returns the number of samples. */
        public int size() {
            return labels.length;
        }

        /** Returns the samples with these indices, in this order. */
        public Part of(int[] samples) {
            return new Part(
                    Arrays.stream(samples).mapToObj(i -> features[i]).toArray(float[][]::new),
                    Arrays.stream(samples).map(i -> labels[i]).toArray(),
                    Arrays.stream(samples).map(i -> groups[i]).toArray());
        }

        private void write(Path folder, String part) throws IOException {
            Npy.write(folder.resolve(part + ".npy"), List.of(features));
            Npy.write(folder.resolve(part + "-labels.npy"), labels);
            Npy.write(folder.resolve(part + "-groups.npy"), groups);
        }

        private static Part read(Path folder, String part) throws IOException {
            return new Part(
                    Npy.matrix(folder.resolve(part + ".npy")),
                    Npy.vector(folder.resolve(part + "-labels.npy")),
                    Npy.vector(folder.resolve(part + "-groups.npy")));
        }
    }

    /** Returns whether the most frequent class has over ten times the training samples of the rarest. */
    boolean isImbalanced() {
        int[] counts = new int[classes.size()];
        IntStream.of(train.labels()).forEach(label -> counts[label]++);
        return IntStream.of(counts).max().orElse(0)
                > IMBALANCE * IntStream.of(counts).min().orElse(0);
    }

    /** Returns whether {@code folder} holds a complete set. */
    static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(DESCRIPTION));
    }

    /** Writes the set to a folder of its name below {@code folder}; the description is written last. */
    void write(Path folder) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        train.write(own, "train");
        test.write(own, "test");
        ObjectNode description = JSON.createObjectNode();
        description.put("name", name);
        description.put("train", train.size());
        description.put("test", test.size());
        description.put("features", train.features()[0].length);
        description.put("groupKind", groupKind);
        classes.forEach(description.putArray("classes")::add);
        groups.forEach(description.putArray("groups")::add);
        Files.writeString(own.resolve(DESCRIPTION), JSON.writeValueAsString(description));
    }

    /** Reads a set from its folder. */
    public static FeatureSet read(Path folder) throws IOException {
        JsonNode description = JSON.readTree(folder.resolve(DESCRIPTION).toFile());
        return new FeatureSet(
                description.path("name").asText(),
                texts(description.path("classes")),
                texts(description.path("groups")),
                description.path("groupKind").asText(),
                Part.read(folder, "train"),
                Part.read(folder, "test"));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }
}
