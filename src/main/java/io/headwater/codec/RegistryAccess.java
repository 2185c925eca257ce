package io.headwater.codec;

import io.headwater.config.HeadwaterConfig.SubjectNaming;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a schema registry is reached. Its text form contains no secret.
 *
 * @param url root URL, {@code http} or {@code https}, without user and password
 * @param naming how the subjects are named under which schemas are registered
 * @param user name for basic authentication; null for none
 * @param password its password; null without a user
 * @param token token for bearer authentication; null for none
 * @param truststore certificates of authorities that are trusted instead of those of the JVM; null for the latter
 * @param keystore certificate and private key of this client; null for none
 * @param key private key in PEM that belongs to the certificates in {@code keystore}; null when this contains it
 */
public record RegistryAccess(
        String url,
        SubjectNaming naming,
        @Nullable String user,
        @Nullable SecretSource password,
        @Nullable SecretSource token,
        @Nullable Store truststore,
        @Nullable Store keystore,
        @Nullable Path key) {

    private static final Pattern URL = Pattern.compile("https?://[^@\\s]+");
    private static final Pattern USER = Pattern.compile("[^:\\p{Cntrl}]+");
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");
    private static final Pattern USER_INFO = Pattern.compile("//.*@");

    /**
     * A file with certificates or keys: in PEM, or a key store in PKCS12 or JKS.
     *
     * @param password its password; null for none
     */
    public record Store(Path file, @Nullable SecretSource password) {}

    /** Returns access to a registry that needs no authentication. */
    public static RegistryAccess of(String url) {
        return new RegistryAccess(url, SubjectNaming.RECORD, null, null, null, null, null, null);
    }

    /** Returns the same access to another registry. */
    public RegistryAccess withUrl(String other) {
        return new RegistryAccess(other, naming, user, password, token, truststore, keystore, key);
    }

    /**
     * Returns what is wrong, one line for each fault, which begins with the name of the setting; files are read. No line contains
     * a secret.
     */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (!URL.matcher(url).matches()) {
            faults.add(
                    "url must begin with http:// or https:// and hold no user or password, but is '" + shown() + "'");
        }
        boolean isSecure = url.startsWith("https://");
        if (user != null && !USER.matcher(user).matches()) {
            faults.add("user must not be empty or contain ':' or control characters");
        }
        if ((user == null) != (password == null)) {
            faults.add(user == null ? "password needs a user" : "user needs a password or a password-file");
        }
        if (user != null && token != null) {
            faults.add("token must not be set together with user; a registry takes one of them");
        }
        check(faults, "password", password, secret -> true);
        check(faults, "token", token, secret -> TOKEN.matcher(secret).matches());
        if (!isSecure && (truststore != null || keystore != null)) {
            faults.add((truststore != null ? "truststore" : "keystore") + " needs a url that begins with https://");
        }
        if (key != null && keystore == null) {
            faults.add("key needs a keystore with its certificates");
        }
        check(faults, "truststore", () -> {
            if (truststore != null) {
                RegistryTls.trusted(truststore);
            }
        });
        check(faults, "keystore", () -> {
            if (keystore != null) {
                RegistryTls.own(keystore, key);
            }
        });
        return faults;
    }

    private static void check(List<String> faults, String name, @Nullable SecretSource secret, Predicate<String> rule) {
        check(faults, name, () -> {
            if (secret != null && !rule.test(secret.read())) {
                throw new IllegalArgumentException("must be printable ASCII without spaces");
            }
        });
    }

    private static void check(List<String> faults, String name, Runnable reading) {
        try {
            reading.run();
        } catch (IllegalArgumentException e) {
            faults.add(name + " " + e.getMessage());
        }
    }

    /**
     * Returns the value of the header {@code Authorization}, with what is in the files now.
     *
     * @throws IllegalArgumentException when a file does not contain a usable secret any more; the message does not contain it
     */
    Optional<String> authorization() {
        if (token != null) {
            String secret = token.read();
            if (!TOKEN.matcher(secret).matches()) {
                throw new IllegalArgumentException("token must be printable ASCII without spaces");
            }
            return Optional.of("Bearer " + secret);
        }
        if (user != null && password != null) {
            byte[] both = (user + ":" + password.read()).getBytes(StandardCharsets.UTF_8);
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(both));
        }
        return Optional.empty();
    }

    /** Returns the URL without user and password, which it must not have. */
    private String shown() {
        return USER_INFO.matcher(url).replaceAll("//***@");
    }

    @Override
    public String toString() {
        return "RegistryAccess[%s, %s, user=%s, password=%s, token=%s, truststore=%s, keystore=%s, key=%s]"
                .formatted(shown(), naming, user, password, token, truststore, keystore, key);
    }
}
