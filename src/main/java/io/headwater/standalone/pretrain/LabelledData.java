package io.headwater.standalone.pretrain;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TaskKind;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.engine.ModelInput;
import io.headwater.ops.Tasks;
import io.headwater.standalone.data.Dataset;
import io.headwater.standalone.data.Faults;
import io.headwater.standalone.data.Item;
import io.headwater.task.Task;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The files in class folders; each is read once to check whether it can be used.
 *
 * @param rows the model input of each file
 * @param targets class index of each file
 * @param classes names of the classes, sorted
 * @param digest of the labels and model inputs
 * @param faults why other files cannot be used
 */
record LabelledData(List<Classes.Row> rows, int[] targets, List<String> classes, Digest digest, Faults faults) {
    /** At most this many values, and a quarter of the memory, are kept; further rows are read again when they are needed. */
    private static final long KEPT_VALUES =
            Math.min(128L << 20, Runtime.getRuntime().maxMemory() / 4 / Float.BYTES);

    private static final ModelFile NONE = new ModelFile("classpath:none", Digest.of(new byte[0]));

    /**
     * Reads class folders.
     *
     * @param input input of the model
     * @param shown converts a prepared input to the row that the model reads
     * @throws IllegalArgumentException if fewer than 2 classes have a usable file
     */
    static LabelledData read(Path path, TaskKind kind, BaseModelInput input, Function<ModelInput, float[]> shown) {
        Dataset data = Dataset.open(path, kind);
        BaseModelManifest manifest =
                new BaseModelManifest("pretrain", "none", NONE, input, "none", Pooling.NONE, false);
        Task task = Tasks.of(AdaptationConfig.of("pretrain", kind, "none"), manifest);
        return new Reading(task, shown).of(path, data);
    }

    private static final class Reading {
        private final Task task;
        private final Function<ModelInput, float[]> shown;
        private final List<Classes.Row> rows = new ArrayList<>();
        private final List<String> labels = new ArrayList<>();
        private final Faults.Tally faults = new Faults.Tally();
        private final ByteArrayOutputStream digests = new ByteArrayOutputStream();
        private long kept;

        Reading(Task task, Function<ModelInput, float[]> shown) {
            this.task = task;
            this.shown = shown;
        }

        LabelledData of(Path path, Dataset data) {
            faults.addAll(data.faults());
            data.items().forEach(this::add);
            List<String> classes = List.copyOf(new TreeSet<>(labels));
            Faults all = faults.faults();
            if (classes.size() < 2) {
                throw new IllegalArgumentException(
                        "data '%s' must hold usable files of at least 2 classes, but hold %s%s"
                                .formatted(
                                        path,
                                        classes,
                                        all.first().isEmpty()
                                                ? ""
                                                : ": " + all.first().get(0)));
            }
            int[] targets = labels.stream().mapToInt(classes::indexOf).toArray();
            return new LabelledData(rows, targets, classes, Digest.of(digests.toByteArray()), all);
        }

        private void add(Item item) {
            Outcome<ModelInput> prepared = task.prepare(item.payload());
            if (prepared instanceof Outcome.Rejected<ModelInput> rejected) {
                faults.add(item.id() + ": " + rejected.rejection().message());
            } else if (prepared instanceof Outcome.Ok<ModelInput> ok && item.label() instanceof Label.ClassLabel of) {
                float[] values = shown.apply(ok.value());
                boolean isKept = kept + values.length <= KEPT_VALUES;
                kept += isKept ? values.length : 0;
                rows.add(isKept ? () -> values : () -> again(item));
                labels.add(of.name());
                digests.writeBytes(of.name().getBytes(StandardCharsets.UTF_8));
                digests.writeBytes(digest(values).hex().getBytes(StandardCharsets.US_ASCII));
            }
        }

        private static Digest digest(float[] values) {
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
            bytes.asFloatBuffer().put(values);
            return Digest.of(bytes);
        }

        private float[] again(Item item) {
            if (task.prepare(item.payload()) instanceof Outcome.Ok<ModelInput> ok) {
                return shown.apply(ok.value());
            }
            throw new IllegalStateException(
                    "file '" + item.id() + "' must stay as it is while it is learned, but has changed");
        }
    }
}
