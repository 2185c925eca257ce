package io.headwater.standalone.data;

import io.headwater.config.TaskKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Reads data that consist of millions of small things, and prints for each file why it is refused. */
final class SmallHeapMain {
    /** The number of files that are read. */
    static final int FILES = 10;

    private static final int BYTES = 3_000_000;

    private SmallHeapMain() {}

    /** Reads the files, which are written to the folder {@code args[0]}. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Map<String, Callable<Object>> reads = new LinkedHashMap<>();
        labelled(reads, folder, "items.tsv", TaskKind.TEXT_CLASSIFICATION, "", "a\tb\n");
        labelled(reads, folder, "items.csv", TaskKind.MULTI_LABEL_CLASSIFICATION, "", "a,b\n");
        labelled(reads, folder, "items.jsonl", TaskKind.REGRESSION, "", "{\"label\":1,\"text\":\"\"}\n");
        labelled(reads, folder, "items.conll", TaskKind.TOKEN_CLASSIFICATION, "", "a O\n\n");
        labelled(
                reads,
                folder,
                "items.json",
                TaskKind.QUESTION_ANSWERING,
                "{\"data\":[{\"paragraphs\":[",
                "{\"context\":\"a\",\"qas\":[{\"question\":\"\",\"answers\":[]}]},");
        labelled(
                reads,
                folder,
                "steps.jsonl",
                TaskKind.REINFORCEMENT_LEARNING,
                "",
                "{\"observation\":[1],\"action\":0,\"reward\":1,\"terminal\":true}\n");
        labelled(reads, folder, "faults.tsv", TaskKind.TEXT_CLASSIFICATION, "", "a\n");
        labelled(reads, folder, "faults.jsonl", TaskKind.TEXT_CLASSIFICATION, "", "7\n");
        Path corpus = Files.writeString(folder.resolve("corpus.txt"), "a\n".repeat(BYTES / 2));
        reads.put("corpus.txt", () -> Corpus.read(corpus, null));
        Path zip = zip(folder.resolve("photos.zip"));
        reads.put("photos.zip", () -> Dataset.open(zip, TaskKind.IMAGE_CLASSIFICATION));
        for (Map.Entry<String, Callable<Object>> read : reads.entrySet()) {
            try {
                read.getValue().call();
                System.out.println(read.getKey() + " was read");
            } catch (IllegalArgumentException | IllegalStateException refused) {
                System.out.println(refused.getMessage());
            } catch (Exception e) {
                throw new IllegalStateException(read.getKey() + " was not refused", e);
            }
        }
    }

    private static void labelled(
            Map<String, Callable<Object>> reads, Path folder, String name, TaskKind task, String begin, String row)
            throws IOException {
        Path file = Files.writeString(folder.resolve(name), begin + row.repeat(BYTES / row.length()));
        reads.put(name, () -> Dataset.open(file, task, Columns.of(Reads.TEXT)));
    }

    private static Path zip(Path path) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path), StandardCharsets.UTF_8)) {
            for (int i = 0; i < 50_000; i++) {
                zip.putNextEntry(new ZipEntry("a/" + i + ".png"));
            }
        }
        return path;
    }
}
