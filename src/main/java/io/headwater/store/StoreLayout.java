package io.headwater.store;

import io.headwater.domain.Digest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Paths of the files of a store: {@code sha256/ab/cdef…}, {@code tmp/*.tmp} and {@code lock}.
 *
 * @param root root folder of the store, absolute
 */
record StoreLayout(Path root) {
    private static final Pattern FOLDER = Pattern.compile("[0-9a-f]{2}");
    private static final Pattern FILE = Pattern.compile("[0-9a-f]{62}");
    private static final String TEMPORARY = ".tmp";

    Path artifacts() {
        return root.resolve("sha256");
    }

    Path temporaries() {
        return root.resolve("tmp");
    }

    Path lock() {
        return root.resolve("lock");
    }

    Path folder(Digest digest) {
        return artifacts().resolve(digest.hex().substring(0, 2));
    }

    Path artifact(Digest digest) {
        return folder(digest).resolve(digest.hex().substring(2));
    }

    /** Returns a temporary path that no other write uses. */
    Path temporary(Digest digest) {
        return temporaries().resolve(digest.abbreviated() + "-" + UUID.randomUUID() + TEMPORARY);
    }

    /** Returns the digest in the name of {@code file}; empty for a file that this store did not create. */
    static Optional<Digest> digest(Path file) {
        Path folder = file.getParent();
        if (folder == null || folder.getFileName() == null) {
            return Optional.empty();
        }
        Matcher start = FOLDER.matcher(folder.getFileName().toString());
        Matcher rest = FILE.matcher(file.getFileName().toString());
        return start.matches() && rest.matches()
                ? Optional.of(new Digest(start.group() + rest.group()))
                : Optional.empty();
    }

    static boolean isTemporary(Path file) {
        return file.getFileName().toString().endsWith(TEMPORARY);
    }
}
