package io.headwater.cli.console;

import io.headwater.domain.Lane;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts an argument to a lane; an invalid form is a usage error. */
public final class LaneConverter implements ITypeConverter<Lane> {
    @Override
    public Lane convert(String text) {
        try {
            return Lane.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
