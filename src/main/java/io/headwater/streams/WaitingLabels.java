package io.headwater.streams;

import io.headwater.codec.Codec;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import io.headwater.streams.DueTimes.Due;
import io.headwater.streams.DueTimes.Kind;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Lets labels wait for their requests and predictions, the newest for each request, and gives up those that wait for too long. Dead
 * letters are made by the adaptation that the request names, or by the one that takes what is for none in particular.
 */
final class WaitingLabels {
    private final StreamsSetup setup;
    private final Codec codec;
    private final EarlyLabels early;
    private final DueTimes due;
    private final JoinOutput output;
    private final BooleanSupplier isForUnnamed;
    private final long patience;

    WaitingLabels(
            StreamsSetup setup, EarlyLabels early, DueTimes due, JoinOutput output, BooleanSupplier isForUnnamed) {
        this.setup = setup;
        this.codec = setup.codec();
        this.early = early;
        this.due = due;
        this.output = output;
        this.isForUnnamed = isForUnnamed;
        this.patience = setup.settings().early().toMillis();
    }

    /**
     * Lets a label wait, unless the one that waits is newer.
     *
     * @param opened the request; null when it has not come
     */
    void add(RequestKey request, Bytes key, @Nullable OpenRequest opened, LabelView label) {
        ConsumerRecord<byte[], byte[]> waiting = early.get(key);
        if (waiting != null && !isNewer(label, LabelView.of(waiting, codec))) {
            return;
        }
        if (early.put(key, label.record())) {
            setup.listener().happened(JoinEvent.EARLY);
            // In the place of another label, it is looked at when that one would have been given up.
            if (waiting == null) {
                giveUpLater(key, label.record());
            }
        } else if (isOurs(opened)) {
            output.letter(
                    label.record(),
                    new Rejection(
                            Reason.TOO_MANY_LABELS,
                            ("a label must come after its request, or be one of at most %d with at most %d bytes on its partition"
                                            + " that wait, but request %s has not come or is not answered yet; send labels after"
                                            + " the predictions, and this one again later")
                                    .formatted(EarlyLabels.MOST, EarlyLabels.MOST_BYTES, request)));
        }
    }

    private boolean isNewer(LabelView label, LabelView before) {
        if (Arrays.equals(before.comparable(codec), label.comparable(codec))) {
            setup.listener().happened(JoinEvent.REPEATED);
            return false;
        }
        setup.listener().happened(JoinEvent.OUTDATED);
        return label.observed() >= before.observed();
    }

    /** Removes and returns the label of a request; null when none waits. */
    @Nullable
    LabelView take(Bytes key) {
        ConsumerRecord<byte[], byte[]> waiting = early.get(key);
        if (waiting == null) {
            return null;
        }
        early.remove(key);
        return LabelView.of(waiting, codec);
    }

    /** Forgets the label of a request that another adaptation answers. */
    void forget(Bytes key) {
        early.remove(key);
    }

    /** Gives up the label of a request that has expired. */
    void expire(Bytes key, @Nullable OpenRequest opened) {
        ConsumerRecord<byte[], byte[]> waiting = early.get(key);
        if (waiting != null) {
            early.remove(key);
            if (isOurs(opened)) {
                output.letter(waiting, unknown(RequestKey.of(key)));
            }
        }
    }

    /** Gives up the label of a request that is not known, if it has waited long enough. */
    void giveUp(Due one) {
        ConsumerRecord<byte[], byte[]> waiting = early.get(one.key());
        if (waiting == null) {
            return;
        }
        if (end(waiting) > one.time()) {
            giveUpLater(one.key(), waiting);
        } else {
            expire(one.key(), null);
        }
    }

    private void giveUpLater(Bytes key, ConsumerRecord<byte[], byte[]> waiting) {
        due.schedule(end(waiting), Kind.LABEL, key);
    }

    /** Returns until when a label waits for a request that is not known, in milliseconds since the epoch. */
    private long end(ConsumerRecord<byte[], byte[]> waiting) {
        return waiting.timestamp() + patience;
    }

    private boolean isOurs(@Nullable OpenRequest opened) {
        return isForUnnamed.getAsBoolean() || opened != null && opened.isNamed();
    }

    /** Says why a label has no request. */
    Rejection unknown(RequestKey request) {
        return new Rejection(
                Reason.UNKNOWN_REQUEST,
                ("a label must come at most %s before its request (headwater.labels.early) and %s after it (headwater.labels.wait),"
                                + " but request %s is not known or too old, or was not answered; correct id and domain, or send the"
                                + " label earlier")
                        .formatted(setup.settings().early(), setup.settings().patience(), request));
    }
}
