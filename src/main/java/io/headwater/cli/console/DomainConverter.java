package io.headwater.cli.console;

import io.headwater.domain.Lane;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts an argument to a domain; an invalid name is a usage error. */
public final class DomainConverter implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
        if (!Lane.isDomain(text)) {
            throw new TypeConversionException(
                    "domain must be 1 to 200 characters without '/' and control characters, but is '" + text + "'");
        }
        return text;
    }
}
