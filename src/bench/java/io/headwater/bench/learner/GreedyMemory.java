package io.headwater.bench.learner;

import io.headwater.adapt.HeadArtifact;
import io.headwater.domain.Digest;
import io.headwater.engine.Head;
import io.headwater.engine.Heads;
import io.headwater.engine.SplitMix64;
import io.headwater.engine.dense.GraphHeads;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * GDumb (Prabhu et al., "GDumb: A Simple Approach that Questions Our Progress in Continual Learning", 2020): keeps a memory
 * with equally many samples of each class, and trains a head from scratch on it whenever predictions are asked for. It
 * learns nothing else, so whatever learns from a stream should be better with a memory of the same size.
 */
final class GreedyMemory {
    private static final Digest NO_DIGEST = Digest.of("features".getBytes(StandardCharsets.UTF_8));
    private static final String KEYS = "head.hidden: 64\ntraining.warm-start: 0\n";
    private static final int STEPS = 1000;
    private static final int ROWS = 128;

    private final int capacity;
    private final SplitMix64 random;
    private final List<List<Integer>> classes = new ArrayList<>();
    private int size;

    private GreedyMemory(int capacity, int classes, long seed) {
        this.capacity = capacity;
        this.random = new SplitMix64(seed, 0);
        for (int i = 0; i < classes; i++) {
            this.classes.add(new ArrayList<>());
        }
    }

    /** Returns the scores of a head that is trained on what the memory holds at the end of the stream. */
    static HeadScores scores(SampleStream stream, int capacity, long seed) {
        FeatureSet set = stream.set();
        GreedyMemory memory = new GreedyMemory(capacity, set.classes().size(), seed);
        for (int i = 0; i < stream.size(); i++) {
            memory.offer(stream.samples()[i], stream.labels()[i]);
        }
        int width = set.train().features()[0].length;
        try (Heads heads = GraphHeads.of(GradientBench.config(KEYS), width);
                Head head = heads.create(set.classes().size())) {
            memory.train(head, set.train());
            HeadArtifact artifact = new HeadArtifact(
                    NO_DIGEST, heads.form(), set.classes(), head.state().parameters());
            return HeadScores.of(artifact, heads, set.classes(), set.test());
        }
    }

    /** Keeps a sample if its class has fewer samples than its share; a full memory drops one of the largest class for it. */
    private void offer(int sample, int label) {
        List<Integer> members = classes.get(label);
        long present = classes.stream().filter(one -> !one.isEmpty()).count() + (members.isEmpty() ? 1 : 0);
        if (size < capacity) {
            members.add(sample);
            size++;
        } else if (members.size() < capacity / present) {
            List<Integer> largest = classes.stream()
                    .reduce((a, b) -> b.size() > a.size() ? b : a)
                    .orElseThrow();
            largest.remove(random.nextInt(largest.size()));
            members.add(sample);
        }
    }

    private void train(Head head, FeatureSet.Part samples) {
        int[] kept = classes.stream()
                .flatMap(List::stream)
                .mapToInt(Integer::intValue)
                .toArray();
        head.observe(samples.of(kept).features());
        float[] weights = new float[ROWS];
        Arrays.fill(weights, 1);
        for (int step = 0; step < STEPS; step++) {
            float[][] features = new float[ROWS][];
            float[][] targets = new float[ROWS][head.outputs()];
            for (int i = 0; i < ROWS; i++) {
                int sample = kept[random.nextInt(kept.length)];
                features[i] = samples.features()[sample];
                targets[i][samples.labels()[sample]] = 1;
            }
            head.train(features, targets, weights);
        }
    }
}
