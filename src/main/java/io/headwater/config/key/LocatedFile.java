package io.headwater.config.key;

import io.headwater.domain.Digest;
import java.util.Map;
import java.util.Optional;

/**
 * A file given by its location and its digest, which are separated by a space.
 *
 * @param digest the expected digest of the file
 */
public record LocatedFile(Location location, Digest digest) {
    /** The type of such a value. */
    public static final ScalarType<LocatedFile> TYPE = new ScalarType<>(
            "a location, a space and a digest",
            LocatedFile::parse,
            file -> Location.TYPE.holds(file.location),
            LocatedFile::toString,
            Map.of("type", "string", "pattern", "^.+ sha256:[0-9a-f]{64}$"));

    private static Optional<LocatedFile> parse(String text) {
        int space = text.lastIndexOf(' ');
        return space < 1
                ? Optional.empty()
                : TextTypes.digest()
                        .parse(text.substring(space + 1))
                        .map(digest -> new LocatedFile(
                                new Location(text.substring(0, space).strip()), digest));
    }

    @Override
    public String toString() {
        return location.text() + " " + digest;
    }
}
