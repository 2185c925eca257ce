package io.headwater.domain;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The SHA-256 (FIPS 180-4) of some bytes: the name of every artifact and base model.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) implements Comparable<Digest> {

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
    private static final String PREFIX = "sha256:";

    public Digest {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException(
                    "digest must be 64 lower-case hexadecimal digits, optionally after 'sha256:', but is '" + hex
                            + "'");
        }
    }

    /** The digest of {@code bytes}. */
    public static Digest of(byte[] bytes) {
        return new Digest(HexFormat.of().formatHex(sha256().digest(bytes)));
    }

    /** The digest of the remaining bytes of {@code bytes}, whose position is left as it was. */
    public static Digest of(ByteBuffer bytes) {
        MessageDigest sha = sha256();
        sha.update(bytes.duplicate());
        return new Digest(HexFormat.of().formatHex(sha.digest()));
    }

    /**
     * Reads {@code sha256:<hex>} or bare hexadecimal digits.
     *
     * @throws IllegalArgumentException when {@code text} is neither
     */
    public static Digest parse(String text) {
        return new Digest(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text);
    }

    /** The first twelve digits, enough for a person to tell two apart. */
    public String abbreviated() {
        return hex.substring(0, 12);
    }

    @Override
    public int compareTo(Digest other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must provide SHA-256", e);
        }
    }
}
