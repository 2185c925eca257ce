package io.headwater.ops.source;

import io.headwater.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where the adaptations of a process are: files, and folders of files.
 *
 * @param places files and folders, at least one
 */
public record AdaptationPlaces(List<Place> places) {
    public AdaptationPlaces {
        places = List.copyOf(places);
        if (places.isEmpty()) {
            throw new IllegalArgumentException("adaptations must be somewhere, but no place was given");
        }
    }

    /**
     * A file, or a folder whose files may change.
     *
     * @param isFolder whether it was a folder when it was looked at first, because a volume may be away later
     */
    public record Place(Path path, boolean isFolder) {}

    /** Returns {@code paths}; one that does not exist is taken for a file. */
    public static AdaptationPlaces of(List<Path> paths) {
        return new AdaptationPlaces(paths.stream()
                .map(path -> new Place(path, Files.isDirectory(path)))
                .toList());
    }

    /** Returns whether there may be several adaptations now or later. */
    public boolean isPlural() {
        return places.size() > 1 || hasFolder();
    }

    /** Returns whether files may be added and removed. */
    public boolean hasFolder() {
        return places.stream().anyMatch(Place::isFolder);
    }

    /**
     * Returns the files in order, each once. Of a folder, these are the files whose names end in {@code .yaml} or {@code .yml}
     * and do not begin with a dot; folders in it are not looked into. Links to files count as files, as in the volume of a
     * Kubernetes config map.
     *
     * @throws ConfigurationException when a folder cannot be read or has no such file
     */
    public List<Path> files() {
        List<Path> files = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (Place place : places) {
            if (!place.isFolder()) {
                files.add(place.path());
                continue;
            }
            try {
                List<Path> found = in(place.path());
                files.addAll(found);
                if (found.isEmpty()) {
                    faults.add(
                            "headwater.adaptation must name adaptations, but the folder '%s' has no file that ends in .yaml or .yml; add one, or name another folder"
                                    .formatted(place.path()));
                }
            } catch (IOException e) {
                faults.add("headwater.adaptation must name folders that can be read, but '%s' cannot: %s"
                        .formatted(place.path(), e));
            }
        }
        if (!faults.isEmpty()) {
            throw ConfigurationException.ofAll(faults);
        }
        Map<Path, Path> once = new LinkedHashMap<>();
        files.forEach(file -> once.putIfAbsent(file.toAbsolutePath().normalize(), file));
        return List.copyOf(once.values());
    }

    private static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(AdaptationPlaces::isAdaptation).sorted().toList();
        }
    }

    private static boolean isAdaptation(Path file) {
        String name = String.valueOf(file.getFileName());
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml")) && Files.isRegularFile(file);
    }
}
