package io.headwater.engine.graph.convert;

import io.headwater.engine.graph.layer.GraphException;
import java.util.Arrays;
import java.util.HexFormat;

/** The file format of a model to convert, detected by its first bytes. */
enum ConvertibleFormat {
    /** Keras {@code .h5}. */
    HDF5(new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'}),
    /** Deeplearning4j. */
    ZIP(new byte[] {'P', 'K', 3, 4});

    /** The number of bytes needed to detect the format. */
    static final int PREFIX = 8;

    private final byte[] magic;

    ConvertibleFormat(byte[] magic) {
        this.magic = magic;
    }

    /**
     * Returns the format of a file that begins with {@code prefix}.
     *
     * @throws GraphException when the format is unknown
     */
    static ConvertibleFormat of(byte[] prefix) {
        for (ConvertibleFormat format : values()) {
            if (prefix.length >= format.magic.length
                    && Arrays.equals(prefix, 0, format.magic.length, format.magic, 0, format.magic.length)) {
                return format;
            }
        }
        throw new GraphException("the file must be a Keras .h5 file or a Deeplearning4j zip, but begins with "
                + HexFormat.of().formatHex(prefix) + "; ONNX models need no conversion");
    }
}
