package io.headwater.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** The schemas of past releases, packed with the program so that it reads what they wrote. */
final class ReleasedSchemas {

    /** The folders of {@code schemas/released}, oldest first. */
    static final List<String> RELEASES = List.of("0.1.0");

    private ReleasedSchemas() {}

    /** What the record {@code name} was in each release that had it. */
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
