package io.headwater.standalone.data;

import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Collects what a reader finds in data: usable items as far as memory allows, and faults. Not safe for use by several threads. */
final class Found {
    /** So many rows are enough to see that a file is of another format. */
    private static final int ROWS_TO_JUDGE = 100;
    /** Of this many rows, at least one must be usable. */
    private static final int ROWS_PER_USABLE = 10;

    private final String name;
    private final List<Item> items = new ArrayList<>();
    private final Faults.Tally faults = new Faults.Tally();
    private final HeldMemory memory;

    /**
     * Begins with nothing.
     *
     * @param name name of the data
     */
    Found(String name) {
        this(name, HeldMemory.of(name), Faults.NONE);
    }

    /** Begins with the files of a folder or zip. */
    Found(String name, DataFiles files) {
        this(name, files.memory(), files.faults());
    }

    private Found(String name, HeldMemory memory, Faults faults) {
        this.name = name;
        this.memory = memory;
        this.faults.addAll(faults);
    }

    String name() {
        return name;
    }

    /**
     * Adds an item that holds its payload.
     *
     * @throws IllegalStateException if the items take too much memory
     */
    void add(String id, Label label, Payload payload) {
        add(id, label, payload, HeldMemory.size(id, label, payload));
    }

    /**
     * Adds an item that shares its payload with others.
     *
     * @param bytes memory that the item takes without what it shares
     * @throws IllegalStateException if the items take too much memory
     */
    void add(String id, Label label, Payload payload, long bytes) {
        memory.add(bytes);
        items.add(new Item(id, label, () -> payload));
    }

    /**
     * Adds an item whose payload is read each time it is used.
     *
     * @throws IllegalStateException if the items take too much memory
     */
    void add(String id, Label label, Supplier<Payload> source) {
        memory.add(HeldMemory.size(id, label));
        items.add(new Item(id, label, source));
    }

    /** Adds why a row or a file cannot be used. */
    void fault(String message) {
        faults.add(message);
    }

    /** Returns the data. */
    Dataset dataset() {
        return new Dataset(name, items, faults.faults());
    }

    /** Refuses a file in which hardly any row is usable; one without any usable row is refused elsewhere. */
    static void requireRows(String name, long usable, Faults faults) {
        long rows = usable + faults.count();
        if (usable > 0 && rows >= ROWS_TO_JUDGE && usable * ROWS_PER_USABLE < rows) {
            throw new IllegalArgumentException(
                    "data '%s' must consist of usable rows, but only %d of %d are usable%s; correct the file, or name its columns"
                            .formatted(name, usable, rows, faults.reason()));
        }
    }
}
