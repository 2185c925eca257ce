package io.headwater.engine;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.ImageInput;
import io.headwater.config.TensorInput;
import io.headwater.config.TextInput;
import io.headwater.domain.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The digest that identifies a backbone. It is computed from a canonical text of everything that affects the features
 * of an input.
 */
public final class BaseModelDigest {
    // Increase this when the same manifest gives other features: padding, pooling, resizing, tokenizing.
    private static final int REVISION = 1;

    private BaseModelDigest() {}

    /** Returns the digest of a backbone that ends at the cut of the manifest. */
    public static Digest digest(BaseModelManifest manifest) {
        return digest(manifest, BackboneCut.pooled(manifest.cut()));
    }

    /**
     * Returns the digest of files, cut, pooling and preprocessing; it does not depend on the names and locations of
     * files.
     */
    public static Digest digest(BaseModelManifest manifest, BackboneCut cut) {
        List<String> lines = new ArrayList<>();
        lines.add("headwater backbone revision " + REVISION);
        lines.add("model " + manifest.model().digest().hex());
        for (ModelFile file : manifest.files()) {
            lines.add("file " + file.digest().hex());
        }
        lines.addAll(input(manifest));
        if (cut.pooled()) {
            lines.add("pooling " + manifest.pooling().name());
            lines.add("normalise " + cut.normalises(manifest));
        }
        cut.tensors().forEach(tensor -> lines.add("cut " + tensor));
        lines.add("");
        return Digest.of(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> input(BaseModelManifest manifest) {
        if (manifest.input() instanceof TextInput text) {
            return text(text);
        }
        if (manifest.input() instanceof TensorInput tensor) {
            List<String> lines = new ArrayList<>(List.of("tensor " + tensor.shape(), "name " + tensor.name()));
            tensor.zeros().forEach(name -> lines.add("zeros " + name));
            return lines;
        }
        ImageInput image = (ImageInput) manifest.input();
        return List.of(
                "image " + image.width() + "x" + image.height(),
                "layout " + image.layout().name(),
                "channels " + image.channels().name(),
                "mean " + image.mean(),
                "scale " + image.scale(),
                "name " + image.name());
    }

    /** Settings that later releases added appear only where they are used, so that older digests stay valid. */
    private static List<String> text(TextInput text) {
        List<String> lines = new ArrayList<>(List.of(
                "tokenizer " + text.tokenizer().digest().hex(),
                "max-tokens " + text.maxTokens(),
                "ids " + text.ids(),
                "mask " + text.mask(),
                "types " + text.types()));
        if (!text.positions().isEmpty()) {
            lines.add("positions " + text.positions());
        }
        text.past().forEach(name -> lines.add("past " + name));
        return lines;
    }
}
