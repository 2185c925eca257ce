package io.headwater.standalone.data;

import io.headwater.domain.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Finds images and sounds in class folders, on disk or in a zip: the name of the folder that holds a file is its
 * class, and the file extension distinguishes sounds from images.
 */
final class ClassFolders {
    /** Limit of a file's size, because files are read into memory completely. */
    static final int MAX_BYTES = 64 << 20;

    private static final Pattern SOUND = Pattern.compile("(?i)\\.(wav|wave|flac)$");

    private ClassFolders() {}

    static Dataset folder(Path root) throws IOException {
        List<Item> items = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root, 3)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                Path relative = root.relativize(file);
                Path parent = relative.getParent();
                if (parent == null) {
                    faults.add(file + ": a file must lie in a folder that names its class");
                } else {
                    String id = relative.toString().replace('\\', '/');
                    items.add(Item.ofClass(id, parent.getFileName().toString(), () -> payload(file)));
                }
            }
        }
        return new Dataset(root.getFileName().toString(), items, faults);
    }

    static Dataset zip(Path path) throws IOException {
        List<Item> items = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        // Not closed here: the items read from it lazily, and it is closed when they are garbage-collected.
        ZipFile zip = new ZipFile(path.toFile());
        List<? extends ZipEntry> entries = zip.stream()
                .filter(entry -> !entry.isDirectory())
                .sorted((a, b) -> a.getName().compareTo(b.getName()))
                .toList();
        for (ZipEntry entry : entries) {
            String[] parts = entry.getName().split("/");
            if (parts.length < 2) {
                faults.add(path + "!" + entry.getName() + ": a file must lie in a folder that names its class");
            } else if (entry.getSize() > MAX_BYTES) {
                faults.add(tooLarge(path, entry));
            } else {
                items.add(Item.ofClass(entry.getName(), parts[parts.length - 2], () -> payload(path, zip, entry)));
            }
        }
        return new Dataset(path.getFileName().toString(), items, faults);
    }

    /** Reads a zip entry. The entry size that the zip declares is not trusted. */
    private static Payload payload(Path path, ZipFile zip, ZipEntry entry) {
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException(tooLarge(path, entry));
            }
            return payload(entry.getName(), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("file '" + path + "!" + entry.getName() + "' cannot be read", e);
        }
    }

    private static String tooLarge(Path path, ZipEntry entry) {
        return "%s!%s: a file must have at most %d bytes".formatted(path, entry.getName(), MAX_BYTES);
    }

    /** Reads the image or sound in {@code file}. */
    static Payload payload(Path file) {
        try {
            return payload(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("file '" + file + "' cannot be read", e);
        }
    }

    private static Payload payload(String name, byte[] bytes) {
        return SOUND.matcher(name).find() ? new Payload.Waveform(bytes, 0) : new Payload.EncodedImage(bytes);
    }
}
