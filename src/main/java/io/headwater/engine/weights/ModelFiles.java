package io.headwater.engine.weights;

import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the files of a base model and verifies their digests before they are parsed. */
public final class ModelFiles {
    private static final String CLASSPATH = "classpath:";

    private ModelFiles() {}

    /**
     * Reads all bytes of {@code file}.
     *
     * @param maxBytes maximum size of the file
     * @throws ArtifactException if the file is missing, larger, unreadable or has another digest
     */
    public static byte[] read(ModelFile file, int maxBytes) {
        byte[] bytes;
        try (InputStream in = open(file.location(), maxBytes)) {
            bytes = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                throw tooLarge(file.location(), "more", maxBytes);
            }
        } catch (IOException e) {
            throw new ArtifactException("model file '" + file.location() + "' cannot be read: " + e.getMessage()
                    + "; check its permissions");
        }
        Digest actual = Digest.of(bytes);
        if (!actual.equals(file.digest())) {
            throw new ArtifactException("model file '" + file.location() + "' must have digest " + file.digest()
                    + ", but has " + actual + "; fetch it again or correct the manifest");
        }
        return bytes;
    }

    /** The folder that contains {@code file}, or null if the file is on the classpath. */
    public static @Nullable Path folder(ModelFile file) {
        return file.location().startsWith(CLASSPATH)
                ? null
                : Path.of(file.location()).toAbsolutePath().getParent();
    }

    private static InputStream open(String location, int maxBytes) throws IOException {
        if (location.startsWith(CLASSPATH)) {
            URL url = resource(location.substring(CLASSPATH.length()));
            if (url == null) {
                throw missing(location, "no such resource is on the classpath");
            }
            URLConnection connection = url.openConnection();
            connection.setUseCaches(false);
            InputStream in = connection.getInputStream();
            if (connection.getContentLengthLong() > maxBytes) {
                in.close();
                throw tooLarge(location, Long.toString(connection.getContentLengthLong()), maxBytes);
            }
            return in;
        }
        Path path = Path.of(location);
        if (!Files.isRegularFile(path)) {
            throw missing(location, "no such file exists");
        }
        if (Files.size(path) > maxBytes) {
            throw tooLarge(location, Long.toString(Files.size(path)), maxBytes);
        }
        return Files.newInputStream(path);
    }

    private static @Nullable URL resource(String name) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        URL url = context == null ? null : context.getResource(name);
        return url == null ? ModelFiles.class.getClassLoader().getResource(name) : url;
    }

    private static ArtifactException missing(String location, String why) {
        return new ArtifactException(
                "model file '" + location + "' cannot be found: " + why + "; correct the manifest");
    }

    private static ArtifactException tooLarge(String location, String size, int maxBytes) {
        return new ArtifactException("model file '" + location + "' may have at most " + maxBytes + " bytes, but has "
                + size + "; use a smaller model");
    }
}
