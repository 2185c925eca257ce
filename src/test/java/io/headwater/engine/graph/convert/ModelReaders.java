package io.headwater.engine.graph.convert;

import java.nio.file.Path;

/** What the converter process does with a file, in the process of the test. */
public final class ModelReaders {
    /** As many values as the converter allows in its usual heap. */
    private static final long MAX_VALUES = 256 << 20;

    private ModelReaders() {}

    /** Reads a Keras file as the converter does. */
    public static void keras(Path file) {
        KerasReader.read(file, MAX_VALUES);
    }

    /** Reads the two entries of a Deeplearning4j zip. */
    public static void dl4jParts(Path file) {
        ZipParts.read(file, MAX_VALUES);
    }
}
