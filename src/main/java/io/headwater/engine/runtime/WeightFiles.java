package io.headwater.engine.runtime;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.engine.BackboneException;
import io.headwater.engine.onnx.OnnxException;
import io.headwater.engine.onnx.OnnxModelFile;
import io.headwater.engine.weights.ModelFiles;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The files that an ONNX model keeps weights in besides its own: only those that the manifest names by digest. */
final class WeightFiles {
    private WeightFiles() {}

    /**
     * Holds the files that {@code model} names to their digests in the manifest.
     *
     * @param model the ONNX file of {@code manifest}
     * @param maxBytes what they may have together
     * @throws BackboneException when {@code model} is no ONNX model, or names a file that the manifest does not
     * @throws io.headwater.domain.ArtifactException when a file is missing, too large or has another digest
     */
    static void check(BaseModelManifest manifest, byte[] model, int maxBytes) {
        Set<String> locations;
        try {
            locations = OnnxModelFile.externalLocations(model);
        } catch (OnnxException e) {
            throw new BackboneException(e.getMessage(), e);
        }
        int room = maxBytes;
        for (String location : locations) {
            room -= ModelFiles.read(named(manifest, location), room).length;
        }
    }

    private static ModelFile named(BaseModelManifest manifest, String location) {
        String beside = beside(ModelFiles.folder(manifest.model()), location);
        return manifest.files().stream()
                .filter(file -> file.location().equals(beside))
                .findFirst()
                .orElseThrow(() -> new BackboneException("weights are kept in the file '" + location
                        + "', which the manifest does not name; add it and its digest to 'model.files'"));
    }

    private static String beside(@Nullable Path folder, String location) {
        try {
            return folder == null
                    ? location
                    : folder.resolve(location).normalize().toString();
        } catch (InvalidPathException e) {
            return location;
        }
    }
}
