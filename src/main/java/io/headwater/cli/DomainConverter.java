package io.headwater.cli;

import io.headwater.domain.Lane;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A domain as an argument; what cannot name one is a fault of usage. */
final class DomainConverter implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
        if (!Lane.isDomain(text)) {
            throw new TypeConversionException(
                    "domain must be 1 to 200 characters without '/' and control characters, but is '" + text + "'");
        }
        return text;
    }
}
