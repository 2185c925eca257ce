package io.headwater.engine.model;

import io.headwater.engine.graph.GraphBaseModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** The format of a pre-trained model's file, detected by its first bytes. */
public enum ModelFormat {
    /** Possibly ONNX: a protocol buffer; only reading the file shows whether it is ONNX. */
    ONNX,
    /** HDF5, the format of Keras {@code .h5} files. */
    HDF5,
    /** A zip, as written by Deeplearning4j. */
    ZIP,
    /** Headwater's own format of graph models, a safetensors file. */
    GRAPH,
    /** None of these. */
    UNKNOWN;

    private static final byte[] HDF5_SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    private static final byte[] ZIP_SIGNATURE = {'P', 'K', 3, 4};
    /** The tag of protobuf field 1, a varint: the version of the format, which every writer puts first. */
    private static final int ONNX_START = 0x08;

    /**
     * Returns the format of {@code file}.
     *
     * @throws UncheckedIOException when the file cannot be read
     */
    public static ModelFormat of(Path file) {
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(HDF5_SIGNATURE.length);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("model file '" + file + "' does not exist; name a file that does", e);
        } catch (IOException e) {
            throw new UncheckedIOException("model file '" + file + "' cannot be read: " + e.getMessage(), e);
        }
        if (Arrays.equals(start, HDF5_SIGNATURE)) {
            return HDF5;
        }
        if (start.length >= 4 && Arrays.equals(Arrays.copyOf(start, 4), ZIP_SIGNATURE)) {
            return ZIP;
        }
        if (file.toString().endsWith(GraphBaseModel.ENDING)) {
            return GRAPH;
        }
        return start.length > 0 && start[0] == ONNX_START ? ONNX : UNKNOWN;
    }
}
