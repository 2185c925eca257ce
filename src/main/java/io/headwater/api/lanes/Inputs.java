package io.headwater.api.lanes;

import io.headwater.api.http.Problem;
import io.headwater.api.lanes.InputBuilder.Input;
import io.headwater.domain.Payload;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what a caller sends in one of the forms in which people have it: JSON, a form with a file, or the file itself. */
final class Inputs {
    private static final String JSON = "application/json";
    private static final String FORM = "multipart/form-data";
    private static final String TEXT = "text/plain";

    private Inputs() {}

    /**
     * Reads a body.
     *
     * @param contentType the header of the request; null when it has none
     * @throws Problem.Raised when it cannot be read
     */
    static Input read(@Nullable String contentType, byte[] body) {
        String header = contentType == null ? "" : contentType;
        String type = header.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        if (type.equals(JSON)) {
            return JsonInput.read(body);
        } else if (type.equals(FORM)) {
            return FormBodies.input(header, body);
        } else if (type.equals(TEXT)) {
            return new Input(null, new Payload.Text(FormBodies.text("the body", body, charset(header))));
        } else if (type.startsWith("image/")) {
            return new Input(null, new Payload.EncodedImage(body));
        } else if (type.startsWith("audio/")) {
            return new Input(null, new Payload.Waveform(body, 0));
        }
        throw Problem.of(
                        415,
                        "Unsupported media type",
                        "the content type must be %s, %s, %s, image/… or audio/…, but is '%s'"
                                .formatted(JSON, FORM, TEXT, type))
                .raised();
    }

    private static Charset charset(String header) {
        int at = header.toLowerCase(Locale.ROOT).indexOf("charset=");
        if (at < 0) {
            return StandardCharsets.UTF_8;
        }
        String name = header.substring(at + "charset=".length())
                .split(";", 2)[0]
                .replace("\"", "")
                .trim();
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw Problem.of(415, "Unsupported media type", "the charset '%s' of the body is not known".formatted(name))
                    .raised();
        }
    }
}
