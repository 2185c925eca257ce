package io.headwater.adapt.state;

import io.headwater.adapt.state.CheckpointLog.Group;
import io.headwater.adapt.state.CheckpointLog.Held;
import io.headwater.adapt.state.CheckpointLog.Part;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.engine.weights.Safetensors;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A checkpoint and those to which it refers, while it is read. */
final class ReadParts {
    private final Digest checkpoint;
    private final int length;
    private final CheckpointFile file;
    private final Map<Digest, Safetensors.Contents> files = new HashMap<>();
    private final SortedMap<String, Tensor> tensors = new TreeMap<>();
    private final Map<String, Digest> holders = new HashMap<>();
    private final List<Part> parts = new ArrayList<>();
    private final Map<String, Group> groups = new HashMap<>();
    private @Nullable List<Object> items;

    /**
     * Reads a checkpoint.
     *
     * @param bytes its bytes
     * @param artifacts where those to which it refers are
     * @throws ArtifactException when one of them is missing or damaged
     */
    ReadParts(byte[] bytes, ArtifactStore artifacts) {
        checkpoint = Digest.of(bytes);
        length = bytes.length;
        file = CheckpointFile.read(bytes);
        files.put(checkpoint, file.contents());
        for (Digest part : file.parts()) {
            files.put(part, read(artifacts.get(part)).contents());
        }
        file.contents().tensors().forEach((name, tensor) -> hold(name, tensor, checkpoint));
        file.contents().metadata().forEach((name, index) -> {
            if (name.startsWith(SharedParts.REPEATED)) {
                repeat(name.substring(SharedParts.REPEATED.length()), part(index));
            }
        });
        readParts();
    }

    private static CheckpointFile read(byte[] part) {
        if (!CheckpointFile.isBegunBy(part)) {
            throw new ArtifactException("artifact " + Digest.of(part) + " must have the format '"
                    + CheckpointFile.FORMAT + "', because a checkpoint of this format refers to it, but has not");
        }
        return CheckpointFile.read(part);
    }

    private void hold(String name, Tensor tensor, Digest holder) {
        tensors.put(name, tensor);
        holders.put(name, holder);
    }

    private void repeat(String name, Digest holder) {
        Tensor tensor = contents(holder).tensors().get(name);
        if (tensor == null) {
            throw new ArtifactException("checkpoint " + checkpoint + " refers to the tensor '" + name + "' of " + holder
                    + ", which has none of this name");
        }
        hold(name, tensor, holder);
    }

    private Digest part(String index) {
        try {
            return file.parts().get(Integer.parseInt(index));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new ArtifactException("checkpoint " + checkpoint + " must refer to one of its "
                    + file.parts().size() + " parts, but refers to '" + index + "'");
        }
    }

    private Safetensors.Contents contents(Digest part) {
        return Objects.requireNonNull(files.get(part), "all parts have been read");
    }

    private void readParts() {
        if (!(tensors.get(SharedParts.PARTS) instanceof Tensor.I32 rows) || rows.values().length % 2 != 0) {
            throw new ArtifactException("checkpoint " + checkpoint + " lacks the list of its parts");
        }
        for (int i = 0; i < rows.values().length; i += 2) {
            int index = rows.values()[i];
            Digest holder = index == SharedParts.ITSELF ? checkpoint : part(Integer.toString(index));
            parts.add(new Part(holder, rows.values()[i + 1]));
        }
    }

    /** Returns all tensors and values, those to which the checkpoint refers included. */
    Safetensors.Contents all() {
        return new Safetensors.Contents(tensors, file.contents().metadata());
    }

    /** Returns the items at places, each of which is given less the one before it. */
    <T> List<T> items(int[] differences, Function<SectionReader, List<T>> read) {
        List<T> all = decoded(read);
        List<T> chosen = new ArrayList<>(differences.length);
        int place = 0;
        for (int difference : differences) {
            place += difference;
            if (place < 0 || place >= all.size()) {
                throw new ArtifactException("checkpoint %s must refer to one of its %d items, but refers to %d"
                        .formatted(checkpoint, all.size(), place));
            }
            chosen.add(all.get(place));
        }
        return chosen;
    }

    @SuppressWarnings("unchecked")
    private <T> List<T> decoded(Function<SectionReader, List<T>> read) {
        if (items == null) {
            List<Object> decoded = new ArrayList<>();
            for (Part part : parts) {
                List<T> own = read.apply(new SectionReader(SharedParts.ITEMS, contents(part.checkpoint())));
                if (own.size() != part.items()) {
                    throw new ArtifactException("checkpoint %s must find %d items in %s, but finds %d"
                            .formatted(checkpoint, part.items(), part.checkpoint(), own.size()));
                }
                decoded.addAll(own);
            }
            items = decoded;
        }
        return (List<T>) items;
    }

    /** Returns the state that stands for the tensors of a group. */
    Object state(String name) {
        Set<String> members = tensors.keySet().stream()
                .filter(tensor -> tensor.startsWith(name + "/"))
                .collect(Collectors.toSet());
        return groups.computeIfAbsent(name, group -> new Group(new Object(), members))
                .state();
    }

    /** Returns the log with which a lane continues that has read all sections. */
    CheckpointLog log() {
        Map<Object, Integer> places = new IdentityHashMap<>();
        List<Object> all = items == null ? List.of() : items;
        for (int i = 0; i < all.size(); i++) {
            places.put(all.get(i), i);
        }
        Map<String, Held> held = new HashMap<>();
        holders.forEach((name, holder) -> {
            Tensor tensor = tensors.get(name);
            if (tensor != null && !name.startsWith(SharedParts.PREFIX)) {
                held.put(name, new Held(SharedParts.content(tensor), holder));
            }
        });
        int referred = file.parts().size();
        long base = value(SharedParts.BASE_BYTES);
        return base == 0
                ? new CheckpointLog(parts, places, held, groups, length, 0, referred)
                : new CheckpointLog(
                        parts, places, held, groups, base, value(SharedParts.BYTES_SINCE) + length, referred);
    }

    private long value(String name) {
        return ArtifactMetadata.value(file.contents(), name, Long::valueOf);
    }
}
