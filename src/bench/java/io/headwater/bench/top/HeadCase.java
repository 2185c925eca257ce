package io.headwater.bench.top;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.Heads;
import io.headwater.engine.dense.GraphHeads;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A head on frozen features that Headwater and PyTorch train by the default settings, and the rows of each step.
 *
 * @param features the number of features of a row
 * @param hidden the width of the hidden layer; 0 for none
 * @param rows the number of rows of a step
 */
record HeadCase(int features, int hidden, int rows) {
    /** The number of classes. */
    static final int CLASSES = 10;

    /** The number of rows of a batch that are new; the others are replayed ones, drawn anew for each step. */
    static final int FRESH = 16;

    /** The number of rows from which those of the steps are drawn. */
    private static final int POOL = 512;

    private static final int SEED = 17;
    private static final String PARAMETER = "parameter/";
    private static final String OPTIMISER = "optimiser/";

    /** Reads what {@link #arguments} returned. */
    static HeadCase of(String[] arguments) {
        return new HeadCase(
                Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
    }

    /** Returns the arguments of an engine. */
    List<String> arguments(Path folder) {
        return List.of(String.valueOf(features), String.valueOf(hidden), String.valueOf(rows), folder.toString());
    }

    String title() {
        return hidden == 0 ? "output layer alone" : "hidden layer of " + hidden;
    }

    /** Returns an adaptation with default settings, trained by gradients. */
    AdaptationConfig config() {
        return AdaptationFile.parse("bench", """
                name: bench
                task: text-classification
                base: minilm
                head.learns: gradient
                head.hidden: %d
                """.formatted(hidden));
    }

    Heads heads() {
        return GraphHeads.of(config(), features);
    }

    /** Writes a head that has seen the features of all rows and taken no step to {@code folder}. */
    void prepare(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Head head = heads().create(CLASSES)) {
            head.observe(pool());
            Map<String, Tensor> tensors = new TreeMap<>();
            head.state().parameters().forEach((name, tensor) -> tensors.put(PARAMETER + name, tensor));
            head.state().optimiser().forEach((name, tensor) -> tensors.put(OPTIMISER + name, tensor));
            Files.write(file(folder), Safetensors.write(tensors, Map.of()));
        }
    }

    /** Reads the head that {@link #prepare} wrote. */
    static HeadState read(Path folder) throws IOException {
        Map<String, Tensor> tensors =
                Safetensors.read(Files.readAllBytes(file(folder))).tensors();
        return new HeadState(part(tensors, PARAMETER), part(tensors, OPTIMISER), 0);
    }

    private static Map<String, Tensor.F32> part(Map<String, Tensor> tensors, String prefix) {
        Map<String, Tensor.F32> part = new TreeMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix) && tensor instanceof Tensor.F32 floats) {
                part.put(name.substring(prefix.length()), floats);
            }
        });
        return part;
    }

    private static Path file(Path folder) {
        return folder.resolve("start.safetensors");
    }

    /** Returns features of several scales, whose class is known from their direction but for noise. */
    private float[][] pool() {
        Random random = new Random(SEED);
        float[][] centres = new float[CLASSES][features];
        for (float[] centre : centres) {
            for (int i = 0; i < features; i++) {
                centre[i] = (float) random.nextGaussian() / 4;
            }
        }
        float[][] pool = new float[POOL][features];
        for (int row = 0; row < POOL; row++) {
            for (int i = 0; i < features; i++) {
                pool[row][i] = (centres[row % CLASSES][i] + (float) random.nextGaussian()) * (1 + i % 4) / 20;
            }
        }
        return pool;
    }

    /** Draws the rows of steps; the same case draws the same ones in each process. */
    Draw draw() {
        return new Draw(pool(), rows);
    }

    /** The rows of the steps, in order. */
    static final class Draw {
        private final float[][] pool;
        private final float[][] features;
        private final float[][] targets;
        private final float[] weights;
        private final Random random = new Random(SEED);

        private Draw(float[][] pool, int rows) {
            this.pool = pool;
            this.features = new float[rows][];
            this.targets = new float[rows][CLASSES];
            this.weights = new float[rows];
            Arrays.fill(weights, 1);
        }

        /** Draws all rows of the first step of a batch. */
        void batch() {
            from(0);
        }

        /** Draws other replayed rows for a further step. */
        void replayed() {
            from(FRESH);
        }

        private void from(int first) {
            for (int row = first; row < features.length; row++) {
                int drawn = random.nextInt(pool.length);
                features[row] = pool[drawn];
                Arrays.fill(targets[row], 0);
                targets[row][drawn % CLASSES] = 1;
            }
        }

        /** Returns the new rows of the batch. */
        float[][] fresh() {
            return Arrays.copyOf(features, Math.min(FRESH, features.length));
        }

        float[][] features() {
            return features;
        }

        float[][] targets() {
            return targets;
        }

        float[] weights() {
            return weights;
        }
    }

    /** All cases: the widths of the built-in text and of a small image model, and the rows of small and default steps. */
    static List<HeadCase> all() {
        List<HeadCase> all = new ArrayList<>();
        for (int hidden : new int[] {0, 64}) {
            for (int features : new int[] {384, 512}) {
                for (int rows : new int[] {16, 32, 128}) {
                    all.add(new HeadCase(features, hidden, rows));
                }
            }
        }
        return all;
    }
}
