package io.headwater.cli.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.PrintStream;
import picocli.CommandLine.Option;

/** The output of a command: text for people, or JSON objects, one per line. */
public class Output {
    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .setSerializationInclusion(JsonInclude.Include.NON_NULL);

    @Option(names = "--json", description = "Print one JSON object instead of text.")
    public boolean json;

    private final PrintStream out = System.out;

    public void print(Object value, Runnable text) {
        if (json) {
            out.println(json(value));
        } else {
            text.run();
        }
        out.flush();
    }

    /** Prints one line; control characters in the arguments, such as those of a label, are escaped. */
    public void line(String format, Object... args) {
        out.println(Printable.line(format.formatted(args)));
    }

    public static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
