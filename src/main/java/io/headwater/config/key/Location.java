package io.headwater.config.key;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a file lies.
 *
 * @param text {@code classpath:name} or a path, as it is written
 */
public record Location(String text) {
    /** What a location must be. */
    public static final ScalarType<Location> TYPE = new ScalarType<>(
            "classpath:name, an absolute path, or a path within the manifest's folder",
            text -> Optional.of(new Location(text)),
            location -> KeyText.isPrintable(location.text, 4096),
            Location::text,
            Map.of("type", "string"));

    /** Begins the name of a file on the class path. */
    public static final String CLASSPATH = "classpath:";

    private static final Pattern RESOURCE = Pattern.compile("classpath:[^/\\\\].*");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

    /** Whether it means the same file everywhere in this process. */
    public boolean isAbsolute() {
        if (SCHEME.matcher(text).matches()) {
            return RESOURCE.matcher(text).matches();
        }
        return path().filter(Path::isAbsolute).isPresent();
    }

    /**
     * The same made absolute; empty when it is relative and there is no folder, when it leaves the folder, or when it is no
     * location at all.
     *
     * @param folder that it starts from; null when there is none
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

    /** The same relative to {@code folder} where it lies within it. */
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
