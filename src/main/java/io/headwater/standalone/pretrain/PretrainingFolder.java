package io.headwater.standalone.pretrain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.headwater.domain.Digest;
import io.headwater.store.DurableFile;
import io.headwater.store.NewFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that becomes a base model. During training it holds checkpoints; {@link #RECORD}, written last, marks it
 * as complete. A checkpoint is a folder that is created atomically and named after the digest of its content.
 */
final class PretrainingFolder {
    static final String MODEL = "model.onnx";
    static final String TOKENIZER = "tokenizer.json";
    static final String MANIFEST = "manifest.yaml";
    static final String CURVE = "curve.svg";
    static final String RECORD = "pretraining.json";

    private static final String CHECKPOINTS = "checkpoints";
    private static final String STATE = "state.safetensors";
    private static final String PROGRESS = "progress.json";
    private static final Set<String> OWN = Set.of(MODEL, TOKENIZER, MANIFEST, CURVE, CHECKPOINTS);
    private static final Pattern NAME = Pattern.compile("step-([0-9]{9})-([0-9a-f]{64})");
    private static final int MAX_PROGRESS = 16 << 20;
    private static final int MAX_STATE = Integer.MAX_VALUE - 8;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private final Path path;

    /**
     * @throws IllegalArgumentException if the folder is complete already, or holds files that do not belong to a
     *     pretraining
     */
    PretrainingFolder(Path path) throws IOException {
        this.path = path.toAbsolutePath().normalize();
        if (Files.exists(this.path.resolve(RECORD))) {
            throw new IllegalArgumentException("--out must name a folder without a finished base model, but '" + path
                    + "' holds one; name another, or delete it first");
        }
        if (Files.exists(this.path)) {
            try (Stream<Path> entries = Files.list(this.path)) {
                entries.map(entry -> String.valueOf(entry.getFileName()))
                        .filter(name -> !OWN.contains(name) && !name.startsWith("."))
                        .findFirst()
                        .ifPresent(name -> {
                            throw new IllegalArgumentException(
                                    "--out must name a new or an empty folder, or one that a pretraining was ended in, but '"
                                            + path + "' holds '" + name + "'; name another");
                        });
            }
        }
    }

    Path path() {
        return path;
    }

    /**
     * The state of a pretraining.
     *
     * @param step number of steps or episodes completed
     * @param state a safetensors file with everything needed to resume
     * @param curve the curve so far
     * @param returns returns of the episodes of a policy; empty for any other model
     */
    record Saved(long step, byte[] state, Curve curve, List<Double> returns) {}

    /** The content of {@link #PROGRESS}. */
    private record Written(
            long step,
            String state,
            SortedMap<String, String> arguments,
            String data,
            Curve curve,
            List<Double> returns) {}

    /** Writes {@code saved} as the checkpoint to resume from and deletes older checkpoints. */
    void save(Saved saved, SortedMap<String, String> arguments, Digest data) throws IOException {
        byte[] progress = json(new Written(
                saved.step(),
                Digest.of(saved.state()).toString(),
                arguments,
                data.toString(),
                saved.curve(),
                saved.returns()));
        String name = "step-%09d-%s".formatted(saved.step(), Digest.of(progress).hex());
        try (NewFolder folder = NewFolder.in(path.resolve(CHECKPOINTS))) {
            folder.write(STATE, saved.state());
            folder.write(PROGRESS, progress);
            folder.name(name);
        }
        for (Path other : checkpoints()) {
            if (!String.valueOf(other.getFileName()).equals(name)) {
                delete(other);
            }
        }
    }

    /**
     * Returns the newest checkpoint, or null if there is none.
     *
     * @throws IllegalArgumentException if the checkpoint was made with other arguments or other data, or is damaged
     */
    @Nullable
    Saved newest(SortedMap<String, String> arguments, Digest data) throws IOException {
        List<Path> all = checkpoints();
        if (all.isEmpty()) {
            return null;
        }
        Path newest = all.get(all.size() - 1);
        Matcher name = NAME.matcher(String.valueOf(newest.getFileName()));
        byte[] progress = read(newest.resolve(PROGRESS), MAX_PROGRESS);
        if (!name.matches() || !Digest.of(progress).hex().equals(name.group(2))) {
            throw damaged(newest.resolve(PROGRESS), "has another digest than the name of its folder says");
        }
        Written written = written(newest.resolve(PROGRESS), progress);
        if (!written.data().equals(data.toString())) {
            throw new IllegalArgumentException("the data must be those that the pretraining in '" + path
                    + "' began with, but have another digest; name another --out, or delete '" + path + "'");
        }
        if (!written.arguments().equals(arguments)) {
            throw new IllegalArgumentException("the options must be those that the pretraining in '" + path
                    + "' began with, but " + difference(written.arguments(), arguments)
                    + "; correct it, name another --out, or delete '" + path + "'");
        }
        byte[] state = read(newest.resolve(STATE), MAX_STATE);
        if (!Digest.of(state).toString().equals(written.state())) {
            throw damaged(newest.resolve(STATE), "has another digest than " + PROGRESS + " says");
        }
        return new Saved(written.step(), state, written.curve(), written.returns());
    }

    private static String difference(SortedMap<String, String> before, SortedMap<String, String> now) {
        SortedMap<String, String> all = new TreeMap<>(before);
        all.putAll(now);
        String key = all.keySet().stream()
                .filter(each -> !String.valueOf(before.get(each)).equals(String.valueOf(now.get(each))))
                .findFirst()
                .orElse("");
        return key + " was " + before.get(key) + " and is " + now.get(key);
    }

    private Written written(Path file, byte[] progress) {
        try {
            return JSON.readValue(progress, Written.class);
        } catch (IOException e) {
            throw damaged(file, "is none that this version reads");
        }
    }

    private IllegalArgumentException damaged(Path file, String why) {
        return new IllegalArgumentException("checkpoint '" + file + "' is damaged: it " + why + "; delete the folder '"
                + path + "' to begin again");
    }

    private byte[] read(Path file, int most) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > most) {
            throw damaged(file, Files.isRegularFile(file) ? "is larger than any" : "is missing");
        }
        return Files.readAllBytes(file);
    }

    private List<Path> checkpoints() throws IOException {
        Path folder = path.resolve(CHECKPOINTS);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry ->
                            NAME.matcher(String.valueOf(entry.getFileName())).matches())
                    .sorted()
                    .toList();
        }
    }

    /** Writes a file to the folder. */
    void write(String name, byte[] bytes) throws IOException {
        DurableFile.write(path.resolve(name), bytes);
    }

    /** Marks the folder as complete and deletes checkpoints. */
    void finish(Object whole) throws IOException {
        write(RECORD, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(whole));
        if (Files.exists(path.resolve(CHECKPOINTS))) {
            delete(path.resolve(CHECKPOINTS));
        }
    }

    private static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and texts can always be written as JSON", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
