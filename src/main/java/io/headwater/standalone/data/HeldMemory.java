package io.headwater.standalone.data;

import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import java.util.Collection;

/**
 * The memory that the items of one data file may take: a quarter of the heap, because training data, test data and the
 * predictions for them are held at the same time. Sizes are estimates of what Java objects take, never too small.
 */
final class HeldMemory {
    private static final int PART = 4;
    private static final int OBJECT = 32;
    private static final int STRING = 56;
    private static final int ITEM = 128;

    private final String name;
    private final long most;
    private long held;
    private long count;

    private HeldMemory(String name, long most) {
        this.name = name;
        this.most = most;
    }

    /** Creates the memory for the data file {@code name}, of which nothing is held yet. */
    static HeldMemory of(String name) {
        return new HeldMemory(name, Runtime.getRuntime().maxMemory() / PART);
    }

    /**
     * Takes memory for one further item.
     *
     * @throws IllegalStateException if the items take more than they may
     */
    void add(long bytes) {
        held += bytes;
        count++;
        if (held > most) {
            throw new IllegalStateException(
                    "data '%s' must fit into a quarter of the memory of the process, %d MiB, but its first %d items alone take as much; divide it, or give more memory: HEADWATER_JAVA_OPTS=-Xmx4g"
                            .formatted(name, most >> 20, count));
        }
    }

    /** Returns the size of an item whose payload is read each time it is used. */
    static long size(String id, Label label) {
        return ITEM + size(id) + size(label);
    }

    /** Returns the size of an item that holds its payload. */
    static long size(String id, Label label, Payload payload) {
        return size(id, label) + size(payload);
    }

    /** Returns the size of a text. */
    static long size(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) { // Java then holds two bytes for each character
                bytes *= 2;
                break;
            }
        }
        return STRING + bytes;
    }

    private static long size(Collection<String> texts) {
        return texts.stream().mapToLong(text -> OBJECT + size(text)).sum();
    }

    private static long size(Payload payload) {
        if (payload instanceof Payload.Text one) {
            return OBJECT + size(one.text());
        } else if (payload instanceof Payload.TextPair pair) {
            return OBJECT + size(pair.first()) + size(pair.second());
        } else if (payload instanceof Payload.Tensor tensor) {
            return 3 * OBJECT + (long) Float.BYTES * tensor.values().length;
        } else if (payload instanceof Payload.EncodedImage image) {
            return 2 * OBJECT + image.bytes().length;
        } else if (payload instanceof Payload.Waveform sound) {
            return 2 * OBJECT + sound.bytes().length;
        }
        throw new IllegalStateException("a payload of kind '" + payload.kind() + "' must have a size, but has none");
    }

    private static long size(Label label) {
        if (label instanceof Label.MultiLabel several) {
            return 4 * OBJECT + size(several.names());
        } else if (label instanceof Label.TokenTags sentence) {
            return 3 * OBJECT + size(sentence.tokens()) + size(sentence.tags());
        } else if (label instanceof Label.Values values) {
            return 2 * OBJECT + (long) Float.BYTES * values.values().length;
        } else if (label instanceof Label.Transition step) {
            return 6 * OBJECT
                    + size(step.action())
                    + (long) Double.BYTES * step.rewards().length
                    + (long) Float.BYTES * step.nextObservation().length;
        }
        return OBJECT + size(label.text());
    }
}
