package io.headwater.standalone.pretrain;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a few samples of each source domain to files. */
public final class DomainFiles {
    private DomainFiles() {}

    /** Writes {@code sentences.txt}, {@code shapes} and {@code signals}. */
    public static void write(Path folder) throws IOException {
        Files.write(folder.resolve("sentences.txt"), Domains.sentences(1, 50), StandardCharsets.UTF_8);
        Domains.shapes(folder.resolve("shapes"), 0, 2, 4, 1);
        Domains.signals(folder.resolve("signals"), 0, 2, 4, 1);
    }
}
