package io.headwater.cli.console;

import java.net.URI;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option {@code --url} of commands that can ask the management API of a service instead of the topics. */
public class ApiUrl {
    @Option(
            names = "--url",
            paramLabel = "URL",
            converter = Converter.class,
            description = "Ask the management API of a service with the role page, such as http://localhost:8080,"
                    + " instead of the brokers.")
    @Nullable
    URI url;

    /** Finds something with the management API. */
    @FunctionalInterface
    public interface Asked<T> {
        /** Returns what is asked for. */
        T by(ManagementApi api) throws Exception;
    }

    /**
     * Returns what {@code asked} finds with the management API if the option was given, and otherwise what {@code read} finds in the
     * topics.
     *
     * @throws IllegalStateException when it takes longer than {@code time} allows, or there is no answer
     */
    public <T> T find(TimeLimit time, Asked<T> asked, Callable<T> read) throws Exception {
        URI at = url;
        if (at == null) {
            return time.within(read);
        }
        return time.within("the management API at " + at, "--url", () -> asked.by(new ManagementApi(at)));
    }

    /** Converts an argument to the address of a service; an invalid one is a usage error. */
    static final class Converter implements ITypeConverter<URI> {
        @Override
        public URI convert(String text) {
            try {
                URI address = URI.create(text);
                boolean isWeb = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
                if (isWeb
                        && address.getHost() != null
                        && address.getRawUserInfo() == null
                        && address.getRawQuery() == null
                        && address.getRawFragment() == null) {
                    return address;
                }
            } catch (IllegalArgumentException e) {
                // Said below.
            }
            throw new TypeConversionException(
                    "must be the address of a service, such as http://localhost:8080, but is '" + text + "'");
        }
    }
}
