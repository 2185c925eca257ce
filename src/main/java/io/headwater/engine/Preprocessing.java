package io.headwater.engine;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ImageInput;
import io.headwater.config.BaseModelManifest.TextInput;
import io.headwater.domain.Digest;
import java.nio.charset.StandardCharsets;

/** All that the features of an input depend on, as text with one form only; its digest names the backbone. */
final class Preprocessing {
    // Raise it when the same manifest gives other features: padding, pooling, resizing, tokenizing.
    private static final int REVISION = 1;

    private Preprocessing() {}

    /** The digest of files, cut, pooling and preprocessing; names and places of files do not count. */
    static Digest digest(BaseModelManifest manifest) {
        String description = String.join(
                "\n",
                "headwater backbone revision " + REVISION,
                "model " + manifest.model().digest().hex(),
                input(manifest),
                "pooling " + manifest.pooling().name(),
                "normalise " + manifest.normalise(),
                "cut " + manifest.cut(),
                "");
        return Digest.of(description.getBytes(StandardCharsets.UTF_8));
    }

    private static String input(BaseModelManifest manifest) {
        if (manifest.input() instanceof TextInput text) {
            return String.join(
                    "\n",
                    "tokenizer " + text.tokenizer().digest().hex(),
                    "max-tokens " + text.maxTokens(),
                    "ids " + text.ids(),
                    "mask " + text.mask(),
                    "types " + text.types());
        }
        ImageInput image = (ImageInput) manifest.input();
        return String.join(
                "\n",
                "image " + image.width() + "x" + image.height(),
                "layout " + image.layout().name(),
                "channels " + image.channels().name(),
                "mean " + image.mean(),
                "scale " + image.scale(),
                "name " + image.name());
    }
}
