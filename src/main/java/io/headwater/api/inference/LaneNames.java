package io.headwater.api.inference;

import io.headwater.domain.Lane;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The names of lanes as names of models: {@code ADAPTATION~DOMAIN}, where each byte of the domain's UTF-8 that is not a letter of
 * ASCII, a digit, {@code .}, {@code _} or {@code -} is written as {@code ~} and two hexadecimal digits. Such a name consists of
 * characters that RFC 3986 leaves unreserved, so that every client puts the same into a URL, whether it escapes names or not.
 */
public final class LaneNames {
    private static final char MARK = '~';
    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    private static final int HEX = 16;

    private LaneNames() {}

    /** Returns the name of the lane of a domain. */
    public static String of(String adaptation, String domain) {
        StringBuilder name = new StringBuilder(adaptation).append(MARK);
        for (byte one : domain.getBytes(StandardCharsets.UTF_8)) {
            if (PLAIN.indexOf(one) >= 0) {
                name.append((char) one);
            } else {
                name.append(MARK).append("%02X".formatted(one));
            }
        }
        return name.toString();
    }

    /** Returns the lane with a name; characters that need not be escaped may be, and the other way round. Empty when it is none. */
    public static Optional<Lane> parse(String name) {
        int mark = name.indexOf(MARK);
        if (mark < 0 || !Lane.isAdaptation(name.substring(0, mark))) {
            return Optional.empty();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] escaped = name.substring(mark + 1).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < escaped.length; i++) {
            if (escaped[i] != MARK) {
                bytes.write(escaped[i]);
            } else if (i + 2 < escaped.length && digit(escaped[i + 1]) >= 0 && digit(escaped[i + 2]) >= 0) {
                bytes.write(HEX * digit(escaped[i + 1]) + digit(escaped[i + 2]));
                i += 2;
            } else {
                return Optional.empty();
            }
        }
        try {
            String domain = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            return Lane.isDomain(domain) ? Optional.of(new Lane(name.substring(0, mark), domain)) : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static int digit(byte character) {
        return Character.digit((char) character, HEX);
    }
}
