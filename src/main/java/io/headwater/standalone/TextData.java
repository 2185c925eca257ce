package io.headwater.standalone;

import io.headwater.domain.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads {@code label<TAB>text} lines of UTF-8. */
final class TextData implements LabelledLines.Form {
    private TextData() {}

    static Dataset read(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return read(path.getFileName().toString(), in);
        }
    }

    static Dataset read(String name, InputStream in) throws IOException {
        return LabelledLines.read(name, in, new TextData());
    }

    @Override
    public String name() {
        return "text";
    }

    @Override
    public Payload read(String text) {
        return new Payload.Text(text);
    }
}
