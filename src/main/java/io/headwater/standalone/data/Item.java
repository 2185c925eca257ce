package io.headwater.standalone.data;

import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import java.util.function.Supplier;

/**
 * A labelled item of a data file.
 *
 * @param id unique within the data: the file's name and the place in it
 * @param label what it should be told as
 * @param source reads the payload when it is wanted
 */
public record Item(String id, Label label, Supplier<Payload> source) {

    /** An item of one class. */
    static Item ofClass(String id, String name, Supplier<Payload> source) {
        return new Item(id, new Label.ClassLabel(name), source);
    }

    /** The payload, read now. */
    public Payload payload() {
        return source.get();
    }
}
