package io.headwater.store;

import io.headwater.domain.Digest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Paths of the files of a store: {@code sha256/ab/cdef…} for an artifact in a file of its own, {@code sha256/ab/cdef….at} for one in a
 * pack, {@code packs/*.pack}, {@code tmp/*.tmp} and {@code lock}.
 *
 * @param root root folder of the store, absolute
 */
record StoreLayout(Path root) {
    private static final Pattern FOLDER = Pattern.compile("[0-9a-f]{2}");
    private static final Pattern FILE = Pattern.compile("([0-9a-f]{62})");
    private static final Pattern POINTER = Pattern.compile("([0-9a-f]{62})\\.at");
    private static final Pattern PACK = Pattern.compile("([0-9a-f]{64})\\.pack");
    private static final String TEMPORARY = ".tmp";

    Path artifacts() {
        return root.resolve("sha256");
    }

    Path temporaries() {
        return root.resolve("tmp");
    }

    Path packs() {
        return root.resolve("packs");
    }

    Path pack(Digest name) {
        return packs().resolve(name.hex() + ".pack");
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

    /** Returns the path of the file that says in which pack an artifact lies. */
    Path pointer(Digest digest) {
        return folder(digest).resolve(digest.hex().substring(2) + ".at");
    }

    /** Returns a temporary path that no other write uses. */
    Path temporary(Digest digest) {
        return temporaries().resolve(digest.abbreviated() + "-" + UUID.randomUUID() + TEMPORARY);
    }

    /** Returns the digest in the name of {@code file}; empty when it is no artifact in a file of its own. */
    static Optional<Digest> digest(Path file) {
        return digest(file, FILE);
    }

    /** Returns the digest in the name of {@code file}; empty when this does not say in which pack an artifact lies. */
    static Optional<Digest> pointed(Path file) {
        return digest(file, POINTER);
    }

    /** Returns the name of the pack {@code file}; empty when it is none. */
    static Optional<Digest> packName(Path file) {
        Matcher name = PACK.matcher(file.getFileName().toString());
        return name.matches() ? Optional.of(new Digest(name.group(1))) : Optional.empty();
    }

    private static Optional<Digest> digest(Path file, Pattern names) {
        Path folder = file.getParent();
        if (folder == null || folder.getFileName() == null) {
            return Optional.empty();
        }
        Matcher start = FOLDER.matcher(folder.getFileName().toString());
        Matcher rest = names.matcher(file.getFileName().toString());
        return start.matches() && rest.matches()
                ? Optional.of(new Digest(start.group() + rest.group(1)))
                : Optional.empty();
    }

    static boolean isTemporary(Path file) {
        return file.getFileName().toString().endsWith(TEMPORARY);
    }
}
