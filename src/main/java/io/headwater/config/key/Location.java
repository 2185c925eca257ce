package io.headwater.config.key;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The location of a file.
 *
 * @param text {@code classpath:name} or a path, as written in the configuration
 */
public record Location(String text) {
    /** The type of a location. */
    public static final ScalarType<Location> TYPE = new ScalarType<>(
            "classpath:name, an absolute path, or a path within the manifest's folder",
            text -> Optional.of(new Location(text)),
            location -> KeyText.isPrintable(location.text, 4096),
            Location::text,
            Map.of("type", "string"));

    /** The prefix of a file on the class path. */
    public static final String CLASSPATH = "classpath:";

    private static final Pattern RESOURCE = Pattern.compile("classpath:[^/\\\\].*");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

    /** Returns whether the location is independent of any folder. */
    public boolean isAbsolute() {
        if (SCHEME.matcher(text).matches()) {
            return RESOURCE.matcher(text).matches();
        }
        return path().filter(Path::isAbsolute).isPresent();
    }

    /**
     * Resolves the location to an absolute one; empty when it is relative and there is no folder, when it leads out of
     * the folder, or when it is not a valid location.
     *
     * @param folder folder against which to resolve it; null when there is none
     */
    public Optional<Location> in(@Nullable Path folder) {
        if (isAbsolute()) {
            return Optional.of(this);
        }
        if (folder == null || SCHEME.matcher(text).matches()) {
            return Optional.empty();
        }
        Path home = folder.toAbsolutePath().normalize();
        return path().map(path -> home.resolve(path).normalize())
                .filter(path -> path.startsWith(home) && !path.equals(home))
                .map(path -> new Location(path.toString()));
    }

    /** Returns the location relative to {@code folder} if it is within this folder; otherwise returns it unchanged. */
    public Location relativeTo(Path folder) {
        if (text.startsWith(CLASSPATH)) {
            return this;
        }
        Path home = folder.toAbsolutePath().normalize();
        Path path = Path.of(text).normalize();
        return new Location(path.startsWith(home) ? home.relativize(path).toString() : path.toString());
    }

    private Optional<Path> path() {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
