package io.headwater.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.headwater.domain.Digest;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The content of a file that says where in a pack an artifact lies.
 *
 * @param pack name of the pack
 * @param offset where the bytes begin in it
 * @param length their number
 */
record Pointer(Digest pack, long offset, long length) {
    private static final Pattern TEXT = Pattern.compile("([0-9a-f]{64}) ([0-9]{1,12}) ([0-9]{1,9})\n");
    private static final int MAXIMUM = 100;

    /** Returns the content of {@code file}; empty when there is no file or no complete pointer, as after a power failure. */
    static Optional<Pointer> read(Path file) throws IOException {
        Optional<Place> place = Place.whole(file);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        try {
            Matcher text = TEXT.matcher(new String(BoundedRead.start(place.get(), MAXIMUM), US_ASCII));
            return text.matches()
                    ? Optional.of(new Pointer(
                            new Digest(text.group(1)), Long.parseLong(text.group(2)), Long.parseLong(text.group(3))))
                    : Optional.empty();
        } catch (NoSuchFileException takenBySomeoneElse) {
            return Optional.empty();
        }
    }

    byte[] toBytes() {
        return "%s %d %d\n".formatted(pack.hex(), offset, length).getBytes(US_ASCII);
    }
}
