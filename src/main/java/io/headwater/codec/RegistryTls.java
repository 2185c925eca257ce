package io.headwater.codec;

import io.headwater.codec.RegistryAccess.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Certificates and keys for connections to a schema registry. No message contains a password or a key. */
final class RegistryTls {
    private static final char[] NO_PASSWORD = new char[0];

    private RegistryTls() {}

    /**
     * Returns the context of connections; empty when the defaults of the JVM apply.
     *
     * @throws IllegalArgumentException when a file cannot be used
     */
    static Optional<SSLContext> context(RegistryAccess access) {
        Store trusted = access.truststore();
        Store own = access.keystore();
        if (trusted == null && own == null) {
            return Optional.empty();
        }
        try {
            TrustManager @Nullable [] trust = null;
            if (trusted != null) {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(trusted(trusted));
                trust = factory.getTrustManagers();
            }
            KeyManager @Nullable [] keys = null;
            if (own != null) {
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(own(own, access.key()), password(own));
                keys = factory.getKeyManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return Optional.of(context);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("certificates or keys cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the certificates of a file.
     *
     * @throws IllegalArgumentException when there are none
     */
    static KeyStore trusted(Store store) {
        try {
            Optional<PemFile> pem = PemFile.read(store.file());
            KeyStore found = pem.isPresent() ? of(pem.get().certificates()) : keyStore(store);
            if (found.size() == 0) {
                throw new IllegalArgumentException(
                        "must contain certificates, but '%s' does not".formatted(store.file()));
            }
            return found;
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(store.file(), e);
        }
    }

    private static KeyStore of(List<Certificate> certificates) throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("ca-" + i, certificates.get(i));
        }
        return store;
    }

    /**
     * Returns the certificate and the private key of a client.
     *
     * @param key file with the private key; null when it is in {@code store}
     * @throws IllegalArgumentException when there is none
     */
    static KeyStore own(Store store, @Nullable Path key) {
        char[] password = password(store);
        try {
            Optional<PemFile> pem = PemFile.read(store.file());
            if (pem.isEmpty()) {
                if (key != null) {
                    throw new IllegalArgumentException(
                            "must be in PEM if a key is set, but '%s' is not".formatted(store.file()));
                }
                return requireKey(keyStore(store), store.file());
            }
            PemFile keys = key == null
                    ? pem.get()
                    : PemFile.read(key)
                            .orElseThrow(() -> new IllegalArgumentException(
                                    "must have its key in PEM, but '%s' is not".formatted(key)));
            KeyStore own = empty();
            own.setKeyEntry(
                    "client",
                    keys.privateKey(password),
                    password,
                    pem.get().certificates().toArray(Certificate[]::new));
            return own;
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(key == null ? store.file() : key, e);
        }
    }

    private static KeyStore requireKey(KeyStore store, Path file) throws GeneralSecurityException {
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                return store;
            }
        }
        throw new IllegalArgumentException("must contain a private key, but '%s' does not".formatted(file));
    }

    private static KeyStore keyStore(Store store) throws GeneralSecurityException, IOException {
        if (!Files.isReadable(store.file())) {
            throw new IOException("there is no such file, or it cannot be read by this user");
        }
        return KeyStore.getInstance(store.file().toFile(), store.password() == null ? null : password(store));
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static char[] password(Store store) {
        SecretSource password = store.password();
        if (password == null) {
            return NO_PASSWORD;
        }
        try {
            return password.read().toCharArray();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("password " + e.getMessage(), e);
        }
    }

    private static IllegalArgumentException unusable(Path file, Exception cause) {
        return new IllegalArgumentException(
                "must be a file in PEM, or a key store in PKCS12 or JKS with its password, but '%s' cannot be read as one: %s"
                        .formatted(file, cause.getMessage()),
                cause);
    }
}
