package io.headwater.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A file in PEM (RFC 7468): certificates, a private key in PKCS #8, or both.
 *
 * @param text its content
 */
record PemFile(String text) {
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern BLOCK = Pattern.compile("(?s)-----BEGIN ([A-Z0-9 ]{1,40})-----(.*?)-----END \\1-----");

    /** Reads a file; empty when it is not in PEM. */
    static Optional<PemFile> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file");
        }
        if (Files.size(file) > MAX_BYTES) {
            return Optional.empty();
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        return text.contains("-----BEGIN ") ? Optional.of(new PemFile(text)) : Optional.empty();
    }

    /** Returns the certificates, in their order. */
    List<Certificate> certificates() throws GeneralSecurityException {
        List<Certificate> found = new ArrayList<>();
        for (Matcher block = BLOCK.matcher(text); block.find(); ) {
            if (block.group(1).endsWith("CERTIFICATE")) {
                found.add(CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(decoded(block.group(2)))));
            }
        }
        return found;
    }

    /**
     * Returns the private key.
     *
     * @param password opens a key that is encrypted
     */
    PrivateKey privateKey(char[] password) throws GeneralSecurityException, IOException {
        for (Matcher block = BLOCK.matcher(text); block.find(); ) {
            String type = block.group(1);
            if (type.equals("PRIVATE KEY")) {
                return key(new PKCS8EncodedKeySpec(decoded(block.group(2))));
            } else if (type.equals("ENCRYPTED PRIVATE KEY")) {
                return key(decrypted(new EncryptedPrivateKeyInfo(decoded(block.group(2))), password));
            } else if (type.endsWith(" PRIVATE KEY")) {
                throw new InvalidKeySpecException(
                        "its key is a '%s', but must be in PKCS #8; convert it with 'openssl pkcs8 -topk8'"
                                .formatted(type));
            }
        }
        throw new InvalidKeySpecException("it contains no private key");
    }

    private static PKCS8EncodedKeySpec decrypted(EncryptedPrivateKeyInfo key, char[] password)
            throws GeneralSecurityException {
        AlgorithmParameters parameters = key.getAlgParameters();
        if (parameters == null) {
            throw new InvalidKeySpecException(
                    "its key is encrypted as %s, which is not supported".formatted(key.getAlgName()));
        }
        // The parameters of PBES2 name the functions that it is composed of.
        String algorithm = key.getAlgName().equals("PBES2") ? parameters.toString() : key.getAlgName();
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.DECRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password)),
                parameters);
        return key.getKeySpec(cipher);
    }

    private static PrivateKey key(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // It is a key of another algorithm.
            }
        }
        throw new InvalidKeySpecException("its private key must be of RSA, EC or EdDSA");
    }

    private static byte[] decoded(String base64) throws GeneralSecurityException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new InvalidKeySpecException("it is no valid Base64", e);
        }
    }

    /** The text may hold a private key. */
    @Override
    public String toString() {
        return "PemFile[***]";
    }
}
