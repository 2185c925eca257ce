package io.headwater.bench.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/** The files of an artifact store, read without the code that wrote them. */
final class ArtifactFiles {
    private final Path store;
    private final Set<String> intact = new HashSet<>();

    ArtifactFiles(Path store) {
        this.store = store;
    }

    /** Returns how many of {@code digests} are missing or have other bytes; those found intact once are only looked for again. */
    long missing(Set<String> digests) {
        return digests.stream().filter(digest -> !isThere(digest)).count();
    }

    private boolean isThere(String digest) {
        Path file = store.resolve("sha256").resolve(digest.substring(0, 2)).resolve(digest.substring(2));
        Path pointer = file.resolveSibling(file.getFileName() + ".at");
        if (intact.contains(digest)) {
            return Files.isRegularFile(file) || Files.isRegularFile(pointer);
        }
        try {
            byte[] bytes = Files.isRegularFile(pointer) ? packed(Files.readString(pointer)) : Files.readAllBytes(file);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash).equals(digest) && intact.add(digest);
        } catch (IOException e) {
            return false;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the bytes at which a pointer points: the name of a pack, where they begin in it, and their number. */
    private byte[] packed(String pointer) throws IOException {
        String[] words = pointer.strip().split(" ");
        byte[] pack = Files.readAllBytes(store.resolve("packs").resolve(words[0] + ".pack"));
        int from = Integer.parseInt(words[1]);
        return Arrays.copyOfRange(pack, from, from + Integer.parseInt(words[2]));
    }
}
