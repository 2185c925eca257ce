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

/** Checks the external weight files of an ONNX model. Only files that the manifest lists with a digest are allowed. */
final class WeightFiles {
    private WeightFiles() {}

    /**
     * Checks the files that {@code model} refers to against their digests in the manifest.
     *
     * @param model the ONNX file of {@code manifest}
     * @param maxBytes the maximum total size of the files
     * @throws BackboneException when {@code model} is not an ONNX model, or refers to a file that the manifest does
     *     not list
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
