package io.headwater.standalone.data;

import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.standalone.data.DataFiles.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds images and sounds in class folders, on disk or in a zip: the name of the folder that holds a file is its
 * class, and the file extension distinguishes sounds from images.
 */
final class ClassFolders {
    /** Limit of a file's size, because files are read into memory completely. */
    static final int MAX_BYTES = 64 << 20;

    /** What is said of a file that is neither. */
    static final String MUST_BE =
            "a file must be a JPEG, PNG, GIF or BMP image, or a sound that ends in .wav, .wave or .flac";

    private static final int MAX_DEPTH = 3;
    private static final Pattern NAMED = Pattern.compile("(?i)\\.(jpg|jpeg|jpe|jfif|png|gif|bmp|webp|wav|wave|flac)$");
    private static final List<String> STARTS = List.of("\u00ff\u00d8\u00ff", "\u0089PNG", "GIF8", "BM");
    private static final Pattern SOUND = Pattern.compile("(?i)\\.(wav|wave|flac)$");

    private ClassFolders() {}

    /** Lists the images and sounds in the folder or zip {@code path}. */
    static Dataset read(Path path) throws IOException {
        DataFiles all = DataFiles.in(path, MAX_DEPTH);
        Found found = new Found(String.valueOf(path.getFileName()), all);
        for (Map.Entry<String, Source> file : all.files().entrySet()) {
            String name = file.getKey();
            String[] parts = name.split("/");
            if (parts.length < 2) {
                found.fault(all.place(name) + ": a file must lie in a folder that names its class");
            } else if (file.getValue().size() > MAX_BYTES) {
                found.fault("%s: a file must have at most %d bytes".formatted(all.place(name), MAX_BYTES));
            } else if (!isImageOrSound(name, file.getValue())) {
                found.fault(all.place(name) + ": " + MUST_BE);
            } else {
                found.add(name, new Label.ClassLabel(parts[parts.length - 2]), () -> payload(all, name));
            }
        }
        return found.dataset();
    }

    /** Returns whether a file has the name of an image or a sound, or begins like an image. */
    static boolean isImageOrSound(String name, Source file) throws IOException {
        if (NAMED.matcher(name).find()) {
            return true;
        }
        try (InputStream in = file.open()) {
            String start = new String(in.readNBytes(4), StandardCharsets.ISO_8859_1);
            return STARTS.stream().anyMatch(start::startsWith);
        }
    }

    private static Payload payload(DataFiles files, String name) {
        try {
            return payload(name, files.read(name, MAX_BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException("file '" + files.place(name) + "' cannot be read", e);
        }
    }

    /** Reads the image or sound in {@code file}. */
    static Payload payload(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) { // it has grown, or is no ordinary file
                throw new IOException("a file must have at most %d bytes".formatted(MAX_BYTES));
            }
            return payload(file.toString(), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("file '" + file + "' cannot be read", e);
        }
    }

    private static Payload payload(String name, byte[] bytes) {
        return SOUND.matcher(name).find() ? new Payload.Waveform(bytes, 0) : new Payload.EncodedImage(bytes);
    }
}
