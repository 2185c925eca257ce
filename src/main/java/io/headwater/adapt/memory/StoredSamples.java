package io.headwater.adapt.memory;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.domain.ArtifactException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Reads and writes lists of stored samples in checkpoints. */
public final class StoredSamples {
    private static final String PLACES = "places";

    private StoredSamples() {}

    /** Removes the first sample with the content of {@code sample}, and returns it; empty when there is none. */
    static Optional<StoredSample> removeOne(List<StoredSample> samples, StoredSample sample) {
        for (int i = 0; i < samples.size(); i++) {
            if (samples.get(i).hasContentOf(sample)) {
                return Optional.of(samples.remove(i));
            }
        }
        return Optional.empty();
    }

    /** Writes samples; a checkpoint that shares with others only says which they are, and stores new ones. */
    public static void write(SectionWriter section, List<StoredSample> samples) {
        if (section.isShared()) {
            section.items(PLACES, samples, StoredSamples::writeAll);
        } else {
            writeAll(section, samples);
        }
    }

    private static void writeAll(SectionWriter section, List<StoredSample> samples) {
        section.rows("features", samples.stream().map(StoredSample::features).toList());
        section.rows("targets", samples.stream().map(StoredSample::code).toList());
        writeSome(section, "next", samples.stream().map(StoredSample::next).toList());
        writeSome(section, "logits", samples.stream().map(StoredSample::logits).toList());
        section.longs(
                "numbers", samples.stream().mapToLong(StoredSample::number).toArray());
        section.ints("strata", samples.stream().mapToInt(StoredSample::stratum).toArray());
    }

    private static void writeSome(SectionWriter section, String name, List<float[]> rows) {
        if (rows.stream().anyMatch(row -> row.length > 0)) {
            section.rows(name, rows);
        }
    }

    private static List<float[]> readSome(SectionReader section, String name, int count) {
        return section.has(name) ? section.rows(name) : Collections.nCopies(count, new float[0]);
    }

    /**
     * Reads the list that {@link #write} wrote.
     *
     * @param outputs number of outputs of the lane; every stratum must be less than this
     */
    public static List<StoredSample> read(SectionReader section, int outputs) {
        return section.has(PLACES) ? section.items(PLACES, all -> readAll(all, outputs)) : readAll(section, outputs);
    }

    private static List<StoredSample> readAll(SectionReader section, int outputs) {
        List<float[]> features = section.rows("features");
        List<float[]> codes = section.rows("targets");
        int[] strata = section.ints("strata");
        List<float[]> next = readSome(section, "next", strata.length);
        List<float[]> logits = readSome(section, "logits", strata.length);
        long[] numbers = section.has("numbers") ? section.longs("numbers") : new long[strata.length];
        if (features.size() != strata.length
                || numbers.length != strata.length
                || next.size() != strata.length
                || logits.size() != strata.length
                || codes.size() != strata.length
                || Arrays.stream(strata).anyMatch(stratum -> stratum < 0 || stratum >= outputs)) {
            throw new ArtifactException(
                    "a checkpoint must hold features, a target and a stratum from 0 to %d for each sample of '%s', but does not"
                            .formatted(outputs - 1, section.name()));
        }
        List<StoredSample> samples = new ArrayList<>(strata.length);
        for (int i = 0; i < strata.length; i++) {
            samples.add(
                    new StoredSample(features.get(i), codes.get(i), strata[i], numbers[i], next.get(i), logits.get(i)));
        }
        return samples;
    }
}
