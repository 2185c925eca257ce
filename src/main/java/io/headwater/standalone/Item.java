package io.headwater.standalone;

import io.headwater.domain.Payload;
import java.util.function.Supplier;

/**
 * A labelled item of a data file.
 *
 * @param id unique within the data: the file's name and the place in it
 * @param label its class
 * @param source reads the payload when it is wanted
 */
public record Item(String id, String label, Supplier<Payload> source) {

    /** The payload, read now. */
    public Payload payload() {
        return source.get();
    }
}
