package io.headwater.engine;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/** Weights that an ONNX model keeps in files of their own: only in those that the manifest names by digest. */
final class ExternalWeights {
    private static final String CLASSPATH = "classpath:";

    private final String model;
    private final List<ModelFile> files;
    private final Map<String, byte[]> read = new HashMap<>();
    private int room;

    /** Weights of {@code manifest}, whose further files may have {@code room} bytes together. */
    ExternalWeights(BaseModelManifest manifest, int room) {
        model = manifest.model().location();
        files = manifest.files();
        this.room = room;
    }

    /**
     * {@code weight} with its values inside of it; the same when they are already.
     *
     * @throws BackboneException when the manifest does not name its file, or the values are not where they should be
     * @throws io.headwater.domain.ArtifactException when the file is missing, too large or has another digest
     */
    TensorProto inside(TensorProto weight) {
        if (weight.getDataLocation() != TensorProto.DataLocation.EXTERNAL) {
            return weight;
        }
        Map<String, String> where = new HashMap<>();
        for (StringStringEntryProto entry : weight.getExternalDataList()) {
            where.put(entry.getKey(), entry.getValue());
        }
        byte[] file = file(weight, where.getOrDefault("location", ""));
        long offset = number(weight, where, "offset", 0);
        long length = number(weight, where, "length", file.length - offset);
        long expected = OnnxTypes.bytes(weight.getDataType(), weight.getDimsList());
        if (offset < 0 || length != expected || offset > file.length - length) {
            throw new BackboneException("weight '" + weight.getName() + "' must have " + expected
                    + " bytes in its file, but is said to have " + length + " from byte " + offset + " on of "
                    + file.length + "; save the model again");
        }
        return weight.toBuilder()
                .clearExternalData()
                .clearDataLocation()
                .setRawData(UnsafeByteOperations.unsafeWrap(file, (int) offset, (int) length))
                .build();
    }

    private byte[] file(TensorProto weight, String location) {
        String beside = beside(location);
        ModelFile named = files.stream()
                .filter(file -> file.location().equals(beside))
                .findFirst()
                .orElseThrow(() -> new BackboneException("weight '" + weight.getName() + "' is kept in the file '"
                        + location + "', which the manifest does not name; add it and its digest to 'model.files'"));
        byte[] known = read.get(beside);
        if (known == null) {
            known = ModelFiles.read(named, room);
            room -= known.length;
            read.put(beside, known);
        }
        return known;
    }

    /** Where {@code location}, which is relative to the model's file, lies. */
    private String beside(String location) {
        if (model.startsWith(CLASSPATH)) {
            int slash = model.lastIndexOf('/');
            return (slash < 0 ? CLASSPATH : model.substring(0, slash + 1)) + location;
        }
        try {
            return Path.of(model).resolveSibling(location).normalize().toString();
        } catch (java.nio.file.InvalidPathException e) {
            return "";
        }
    }

    private static long number(TensorProto weight, Map<String, String> where, String key, long otherwise) {
        String text = where.get(key);
        try {
            return text == null ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new BackboneException("weight '" + weight.getName() + "' must say its " + key
                    + " as a whole number, but says '" + text + "'; save the model again");
        }
    }
}
