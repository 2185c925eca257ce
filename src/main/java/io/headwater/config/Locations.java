package io.headwater.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a file of a base model lies. */
final class Locations {
    static final String CLASSPATH = "classpath:";
    private static final Pattern RESOURCE = Pattern.compile("classpath:[^/\\\\].*");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

    private Locations() {}

    /** Whether {@code location} means the same file everywhere in this process. */
    static boolean isAbsolute(String location) {
        if (SCHEME.matcher(location).matches()) {
            return RESOURCE.matcher(location).matches();
        }
        return path(location).filter(Path::isAbsolute).isPresent();
    }

    /**
     * {@code location} made absolute, or empty when it is relative and there is no folder, when it leaves the folder, or
     * when it is no location at all.
     *
     * @param folder of the manifest; null when it has none
     */
    static Optional<String> resolve(String location, @Nullable Path folder) {
        if (isAbsolute(location)) {
            return Optional.of(location);
        }
        if (folder == null || SCHEME.matcher(location).matches()) {
            return Optional.empty();
        }
        Path home = folder.toAbsolutePath().normalize();
        return path(location)
                .map(path -> home.resolve(path).normalize())
                .filter(path -> path.startsWith(home) && !path.equals(home))
                .map(Path::toString);
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
