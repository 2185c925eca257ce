package io.headwater.cli.models;

import io.headwater.engine.graph.layer.Size;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Option for the size of the input images of a model, for when the model file does not specify it. */
class ImageSize {
    @Option(
            names = "--image",
            paramLabel = "HEIGHTxWIDTH",
            converter = Converter.class,
            description =
                    "Size of the images that the model reads; needed for a Deeplearning4j zip, which does not contain it.")
    @Nullable
    Size given;

    @Nullable
    Size size() {
        return given;
    }

    /** Parses a size such as {@code 32x32}. */
    static final class Converter implements ITypeConverter<Size> {
        @Override
        public Size convert(String value) {
            String[] parts = value.split("x", -1);
            try {
                if (parts.length == 2) {
                    return new Size(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
                }
            } catch (RuntimeException e) {
                // The message below describes what is expected.
            }
            throw new TypeConversionException("a size must be HEIGHTxWIDTH, each 1 to 4096, but is '" + value + "'");
        }
    }
}
