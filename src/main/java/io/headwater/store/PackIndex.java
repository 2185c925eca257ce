package io.headwater.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.headwater.domain.Digest;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The beginning of a pack, a file of several artifacts: a line with their number, and a line with the digest and the size of each
 * one. Their bytes follow in the same order.
 *
 * @param entries the artifacts, at least one
 */
record PackIndex(List<Entry> entries) {
    private static final Pattern FIRST = Pattern.compile("headwater-pack 1 ([0-9]{1,6})");
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) ([0-9]{1,9})");

    PackIndex {
        entries = List.copyOf(entries);
    }

    /**
     * An artifact in a pack.
     *
     * @param offset where its bytes begin in the pack
     * @param length their number
     */
    record Entry(Digest digest, long offset, long length) {}

    /** Returns the index of a pack of {@code artifacts}, of which there must be fewer than a million. */
    static PackIndex of(Map<Digest, byte[]> artifacts) {
        List<Entry> sizes = new ArrayList<>();
        artifacts.forEach((digest, bytes) -> sizes.add(new Entry(digest, 0, bytes.length)));
        return placed(sizes);
    }

    /** Returns the index with which {@code pack} begins; empty when this is no complete pack. */
    static Optional<PackIndex> read(Path pack) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(Files.newInputStream(pack), US_ASCII))) {
            Matcher first = FIRST.matcher(String.valueOf(lines.readLine()));
            if (!first.matches()) {
                return Optional.empty();
            }
            List<Entry> sizes = new ArrayList<>();
            for (int i = Integer.parseInt(first.group(1)); i > 0; i--) {
                Matcher line = LINE.matcher(String.valueOf(lines.readLine()));
                if (!line.matches()) {
                    return Optional.empty();
                }
                sizes.add(new Entry(new Digest(line.group(1)), 0, Long.parseLong(line.group(2))));
            }
            PackIndex index = placed(sizes);
            return index.size() == Files.size(pack) ? Optional.of(index) : Optional.empty();
        } catch (NoSuchFileException takenBySomeoneElse) {
            return Optional.empty();
        }
    }

    private static PackIndex placed(List<Entry> sizes) {
        List<Entry> placed = new ArrayList<>();
        long offset = new PackIndex(sizes).head().length;
        for (Entry entry : sizes) {
            placed.add(new Entry(entry.digest(), offset, entry.length()));
            offset += entry.length();
        }
        return new PackIndex(placed);
    }

    /** Returns the name of the pack, which follows from what it contains. */
    Digest name() {
        return Digest.of(head());
    }

    /** Returns the size of the pack in bytes. */
    long size() {
        return head().length + entries.stream().mapToLong(Entry::length).sum();
    }

    /** Returns the pack. */
    byte[] pack(Map<Digest, byte[]> artifacts) {
        ByteArrayOutputStream pack = new ByteArrayOutputStream((int) size());
        pack.writeBytes(head());
        artifacts.values().forEach(pack::writeBytes);
        return pack.toByteArray();
    }

    private byte[] head() {
        StringBuilder head = new StringBuilder("headwater-pack 1 " + entries.size() + "\n");
        entries.forEach(entry -> head.append(entry.digest().hex())
                .append(' ')
                .append(entry.length())
                .append('\n'));
        return head.toString().getBytes(US_ASCII);
    }
}
