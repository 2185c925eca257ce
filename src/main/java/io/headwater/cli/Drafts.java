package io.headwater.cli;

import io.headwater.cli.console.Remarks;
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
        if (open.equals(List.of("licence"))) { // which changes no result
            Remarks.print(
                    "the manifest '%s' does not state the model's licence; write it there, and delete the comment 'correct this'",
                    manifest.get());
        } else if (!open.isEmpty()) {
            Remarks.print(
                    "the manifest '%s' is a draft; correct %s in it, and delete each comment 'correct this' when it is done;"
                            + " wrong values cause no error, only poor results",
                    manifest.get(), String.join(", ", open));
        }
    }
}
