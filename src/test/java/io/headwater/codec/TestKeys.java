package io.headwater.codec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** Certificates with keys of their own for one test class, made by the JDK's {@code keytool}. */
final class TestKeys {
    static final String PASSWORD = "opens-a-store";

    private final Path folder;

    TestKeys(Path folder) {
        this.folder = folder;
    }

    /** Makes a certificate for this machine that signs itself; returns a PKCS12 store with its key. */
    Path store(String name) throws IOException, InterruptedException {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-startdate",
                        "-1d",
                        "-validity",
                        "30",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException(Files.readString(folder.resolve(name + ".log")));
        }
        return store;
    }

    static KeyStore open(Path store) throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    }

    /** Returns the certificate of a store in PEM. */
    static String certificate(Path store) throws IOException, GeneralSecurityException {
        KeyStore opened = open(store);
        return pem("CERTIFICATE", opened.getCertificate(alias(opened)).getEncoded());
    }

    /** Returns the private key of a store in PEM. */
    static String key(Path store) throws IOException, GeneralSecurityException {
        KeyStore opened = open(store);
        return pem(
                "PRIVATE KEY",
                opened.getKey(alias(opened), PASSWORD.toCharArray()).getEncoded());
    }

    private static String alias(KeyStore store) throws GeneralSecurityException {
        return store.aliases().nextElement();
    }

    static String pem(String type, byte[] content) {
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                .formatted(type, Base64.getMimeEncoder().encodeToString(content), type);
    }
}
