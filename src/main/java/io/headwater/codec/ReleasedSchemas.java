package io.headwater.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** The schemas of past releases, which are packaged with the program so that it can read events of these releases. */
final class ReleasedSchemas {

    /** The folders in {@code schemas/released}, the oldest first. */
    static final List<String> RELEASES = List.of("0.1.0-M1", "0.1.0");

    private ReleasedSchemas() {}

    /** Returns the schema of the record {@code name} in each release that had it. */
    static List<Schema> of(String name) {
        List<Schema> schemas = new ArrayList<>();
        for (String release : RELEASES) {
            String resource = "/META-INF/headwater/schemas/" + release + "/" + name + ".avsc";
            try (InputStream in = ReleasedSchemas.class.getResourceAsStream(resource)) {
                if (in != null) {
                    schemas.add(new Schema.Parser().parse(in));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the packed schema " + resource, e);
            }
        }
        return schemas;
    }
}
