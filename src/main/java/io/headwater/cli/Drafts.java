package io.headwater.cli;

import io.headwater.cli.console.Printable;
import io.headwater.config.BaseModelFile;
import io.headwater.engine.inspect.ManifestDraft;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Warns of base models whose manifest is a draft that nobody has corrected. */
final class Drafts {
    private Drafts() {}

    /** Prints to standard error what is left to correct in the manifest of {@code base}, if anything. */
    static void warn(String base) {
        Optional<Path> manifest = BaseModelFile.manifest(base);
        if (manifest.isEmpty()) {
            return;
        }
        List<String> open = ManifestDraft.uncorrected(manifest.get());
        if (!open.isEmpty()) {
            System.err.println(
                    "headwater: the manifest '%s' is a draft; correct %s in it, and delete each comment 'correct this' when it is done; wrong values cause no error, only poor results"
                            .formatted(
                                    Printable.line(manifest.get().toString()),
                                    Printable.line(String.join(", ", open))));
        }
    }
}
