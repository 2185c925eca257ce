package io.headwater.engine.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/**
 * Reads the data that initializers keep in files next to the model (<a
 * href="https://github.com/onnx/onnx/blob/main/docs/ExternalData.md">external data</a>). All locations are checked
 * before anything is read.
 */
final class ExternalData {
    // Reading everything at once would take the same amount of memory again outside the heap.
    private static final int CHUNK = 1 << 20;

    private final Path folder;
    private final Map<Place, ByteString> data = new HashMap<>();

    private ExternalData(Path folder) {
        this.folder = folder;
    }

    /** The names of all external data files, relative to the model. */
    static Set<String> locations(ModelProto model) {
        Set<String> locations = new TreeSet<>();
        for (TensorProto tensor : model.getGraph().getInitializerList()) {
            if (TensorRules.isExternal(tensor)) {
                locations.add(entry(tensor, "location"));
            }
        }
        return locations;
    }

    /**
     * The model with the data of all initializers inlined.
     *
     * @param folder the folder that contains the files
     * @param room the maximum total number of bytes of the external data
     */
    static ModelProto inline(ModelProto model, Path folder, long room) {
        ExternalData external = new ExternalData(real(folder));
        List<TensorProto> weights = model.getGraph().getInitializerList();
        external.check(weights, room);
        GraphProto.Builder graph = model.getGraph().toBuilder();
        for (int i = 0; i < weights.size(); i++) {
            if (TensorRules.isExternal(weights.get(i))) {
                graph.setInitializer(i, external.inside(weights.get(i)));
            }
        }
        return model.toBuilder().setGraph(graph).build();
    }

    private void check(List<TensorProto> weights, long room) {
        Map<Path, Long> taken = new HashMap<>();
        Set<Place> seen = new HashSet<>();
        long total = 0;
        for (TensorProto tensor : weights) {
            if (!TensorRules.isExternal(tensor)) {
                continue;
            }
            Place place = place(tensor);
            if (!seen.add(place)) {
                continue;
            }
            total += place.length;
            if (total > room) {
                throw wrong(tensor, "brings the model's data to more than the " + room + " bytes left for it");
            }
            // Overlapping ranges could expand a small file to a lot of memory.
            if (taken.merge(place.file, place.length, Long::sum) > place.size) {
                throw wrong(tensor, "takes more from its file than there is, as its place overlaps with another's");
            }
        }
    }

    private Place place(TensorProto tensor) {
        TensorRules.check(tensor);
        long length = TensorRules.type(tensor).bytes(TensorRules.elements(tensor));
        Path file = file(tensor, entry(tensor, "location"));
        long offset = number(tensor, "offset", 0);
        long declared = number(tensor, "length", length);
        if (declared != length) {
            throw wrong(tensor, "takes " + length + " bytes by its shape, but says " + declared);
        }
        long size = size(tensor, file);
        if (offset > size || length > size - offset) {
            throw wrong(tensor, "takes " + length + " bytes from byte " + offset + ", but its file has " + size);
        }
        return new Place(file, offset, length, size);
    }

    private Path file(TensorProto tensor, String location) {
        try {
            Path relative = Path.of(location);
            if (location.isEmpty()
                    || relative.isAbsolute()
                    || !relative.normalize().equals(relative)
                    || relative.startsWith("..")) {
                throw wrong(tensor, "must name a file in the model's folder, but names '" + location + "'");
            }
            Path file = folder.resolve(relative).toRealPath();
            if (!file.startsWith(folder)) {
                throw wrong(tensor, "must name a file in the model's folder, but '" + location + "' leads out of it");
            }
            if (!Files.isRegularFile(file)) {
                throw wrong(tensor, "must name a file, but '" + location + "' is none");
            }
            return file;
        } catch (InvalidPathException | IOException e) {
            throw new OnnxException(
                    "tensor '" + tensor.getName() + "' names the file '" + location
                            + "', which cannot be found in the model's folder; put it beside the model",
                    e);
        }
    }

    private TensorProto inside(TensorProto tensor) {
        ByteString bytes = data.computeIfAbsent(place(tensor), place -> read(tensor, place));
        return tensor.toBuilder()
                .clearExternalData()
                .clearDataLocation()
                .setRawData(bytes)
                .build();
    }

    private static ByteString read(TensorProto tensor, Place place) {
        byte[] bytes = new byte[(int) place.length];
        try (InputStream in = Files.newInputStream(place.file)) {
            in.skipNBytes(place.offset);
            fill(in, bytes);
        } catch (IOException e) {
            throw new OnnxException(
                    "tensor '" + tensor.getName() + "' cannot be read from '" + place.file.getFileName() + "': "
                            + e.getMessage() + "; check the file",
                    e);
        }
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    /** Reads until {@code bytes} is full. */
    static void fill(InputStream in, byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            int wanted = Math.min(CHUNK, bytes.length - at);
            if (in.readNBytes(bytes, at, wanted) < wanted) {
                throw new IOException("it became shorter while it was read");
            }
            at += wanted;
        }
    }

    private static long size(TensorProto tensor, Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new OnnxException(
                    "tensor '" + tensor.getName() + "' is in a file whose size cannot be read: " + e.getMessage()
                            + "; check the file",
                    e);
        }
    }

    private static long number(TensorProto tensor, String key, long otherwise) {
        String text = entry(tensor, key);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(tensor, "must have a whole number as " + key + ", but has '" + text + "'");
        }
        throw wrong(tensor, "must not have a negative " + key + ", but has " + text);
    }

    private static String entry(TensorProto tensor, String key) {
        List<String> values = tensor.getExternalDataList().stream()
                .filter(entry -> entry.getKey().equals(key))
                .map(StringStringEntryProto::getValue)
                .toList();
        if (values.size() > 1) {
            throw wrong(tensor, "must have one " + key + ", but has " + values.size());
        }
        return values.isEmpty() ? "" : values.get(0);
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            throw new OnnxException("the model's folder '" + folder + "' cannot be found; check the path", e);
        }
    }

    private static OnnxException wrong(TensorProto tensor, String what) {
        return new OnnxException("tensor '" + tensor.getName() + "' is kept beside the model file and " + what
                + "; save the model again or with its weights inside");
    }

    /** The range of a tensor's data in a file of {@code size} bytes. */
    private record Place(Path file, long offset, long length, long size) {}
}
