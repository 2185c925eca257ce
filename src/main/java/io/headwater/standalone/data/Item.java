package io.headwater.standalone.data;

import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import java.util.function.Supplier;

/**
 * A labelled item of a data file.
 *
 * @param id unique within the data: the file name and the position in the file
 * @param label expected label
 * @param source reads the payload on demand
 */
public record Item(String id, Label label, Supplier<Payload> source) {

    /** Reads the payload. */
    public Payload payload() {
        return source.get();
    }
}
