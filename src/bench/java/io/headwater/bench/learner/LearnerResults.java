package io.headwater.bench.learner;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.domain.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Rows of measurements, and the training sets on which the peers are to be measured. */
final class LearnerResults {
    private static final int DECIMALS = 4;

    private final List<Map<String, Object>> rows = new ArrayList<>();
    private final Map<String, Map<String, Object>> jobs = new LinkedHashMap<>();

    /** Adds a row; numbers are rounded. */
    void row(Map<String, Object> values) {
        Map<String, Object> row = new LinkedHashMap<>();
        values.forEach((name, value) ->
                row.put(name, value instanceof Double number ? Bench.rounded(number, DECIMALS) : value));
        rows.add(row);
    }

    /**
     * Registers the samples of a stream as a training set of the peers, which do not depend on its order.
     *
     * @return the name of the job
     */
    String peers(SampleStream stream) {
        return peers(stream, false);
    }

    /**
     * As {@link #peers(SampleStream)}.
     *
     * @param rotated whether the test samples have the labels of {@link SampleStream#rotated}
     */
    String peers(SampleStream stream, boolean rotated) {
        int[] order = IntStream.range(0, stream.size())
                .boxed()
                .sorted((a, b) -> Integer.compare(stream.samples()[a], stream.samples()[b]))
                .mapToInt(Integer::intValue)
                .toArray();
        return job("peers", stream, order, rotated);
    }

    /** Registers a stream for a classifier that is fine-tuned in the order of arrival, without replay. */
    String naive(SampleStream stream) {
        return job("naive", stream, IntStream.range(0, stream.size()).toArray(), false);
    }

    private String job(String kind, SampleStream stream, int[] order, boolean rotated) {
        List<Integer> samples =
                IntStream.of(order).mapToObj(i -> stream.samples()[i]).toList();
        List<Integer> labels =
                IntStream.of(order).mapToObj(i -> stream.labels()[i]).toList();
        String content = kind + stream.set().name() + rotated + samples + labels;
        String id = Digest.of(content.getBytes(StandardCharsets.UTF_8)).hex();
        jobs.putIfAbsent(
                id,
                Map.of(
                        "kind",
                        kind,
                        "set",
                        stream.set().name(),
                        "rotated",
                        rotated,
                        "samples",
                        samples,
                        "labels",
                        labels));
        return id;
    }

    /** Writes rows and jobs of a part of a run to a file of its own, at once. */
    void keep(Path file) throws IOException {
        Path partial = Path.of(file + ".partial");
        new ObjectMapper().writeValue(partial.toFile(), new Part(rows, jobs));
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Adds what {@link #keep} wrote. */
    void addKept(Path file) throws IOException {
        Part part = new ObjectMapper().readValue(file.toFile(), Part.class);
        rows.addAll(part.rows());
        part.jobs().forEach(jobs::putIfAbsent);
    }

    private record Part(List<Map<String, Object>> rows, Map<String, Map<String, Object>> jobs) {}

    /** Writes rows and jobs. */
    void write(Path file, boolean quick) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", "learner");
        all.put("quick", quick);
        all.put("rows", rows);
        all.put("jobs", jobs);
        all.put("machine", Machine.facts());
        new ObjectMapper().writeValue(file.toFile(), all);
    }
}
