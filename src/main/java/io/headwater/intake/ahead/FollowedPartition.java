package io.headwater.intake.ahead;

import io.headwater.domain.FeaturizedRecord;
import io.headwater.domain.FeaturizedRecord.PayloadFeatures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The features of one partition that have arrived and whose records are not prepared yet. Featurizers work through a partition in
 * its order, so that everything up to the newest record that has arrived has its features here, or will never have them. Not
 * thread-safe.
 */
final class FollowedPartition {
    /** The clocks of two brokers may differ by this much. */
    private static final long CLOCKS = Duration.ofMinutes(1).toMillis();

    /** The size of an entry in addition to its values. */
    private static final long ENTRY_BYTES = 256;

    /** More records than can be between the first and the last of those that are being prepared at the same time. */
    private static final long WINDOW = 8192;

    private final NavigableMap<Long, FeaturizedRecord> ahead = new TreeMap<>();

    /** Times of the records that are being prepared, by offset. */
    private final Map<Long, Long> open = new HashMap<>();

    /** Records of the newest window that are prepared. A thread may begin with a record after another has ended with later ones. */
    private final TreeSet<Long> prepared = new TreeSet<>();

    private long bytes;
    private long opened = -1;
    private long closed = -1;
    private long passed = -1;
    private long since = Long.MAX_VALUE;
    private long newest = Long.MIN_VALUE;
    private boolean mustSeek;
    private boolean behind;
    private boolean isOther;
    private int waiting;

    /** A record is being prepared, which a broker took at {@code time} in milliseconds. */
    void open(long offset, long time) {
        open.put(offset, time);
        opened = Math.max(opened, offset);
        newest = Math.max(newest, time);
        if (time - CLOCKS < since) {
            since = time - CLOCKS;
            mustSeek = true;
            passed = -1;
        }
    }

    /** The record is prepared. Returns features that no record will ask for any more. */
    List<PayloadFeatures> close(long offset) {
        open.remove(offset);
        closed = Math.max(closed, offset);
        prepared.add(offset);
        prepared.headSet(closed - WINDOW).clear();
        List<PayloadFeatures> unused = new ArrayList<>(remove(offset));
        for (Long passedOver : List.copyOf(ahead.headMap(closed - WINDOW).keySet())) {
            unused.addAll(remove(passedOver));
        }
        return unused;
    }

    private boolean isPrepared(long offset) {
        return !open.containsKey(offset) && (offset < closed - WINDOW || prepared.contains(offset));
    }

    private List<PayloadFeatures> remove(long offset) {
        FeaturizedRecord record = ahead.remove(offset);
        if (record == null) {
            return List.of();
        }
        bytes -= size(record);
        return record.features();
    }

    /**
     * A featurizer has come to a record.
     *
     * @param isOurs whether it computes the same bits as this process
     * @return features that no record will ask for
     */
    List<PayloadFeatures> arrive(FeaturizedRecord record, boolean isOurs) {
        long offset = record.offset();
        passed = Math.max(passed, offset);
        isOther = !isOurs;
        if (passed >= opened) {
            behind = false;
        }
        if (!isOurs || record.features().isEmpty()) {
            return List.of();
        }
        if (isPrepared(offset)) {
            return record.features();
        }
        if (ahead.put(offset, record) == null) {
            bytes += size(record);
        }
        return List.of();
    }

    private static long size(FeaturizedRecord record) {
        return record.features().stream()
                .mapToLong(one -> ENTRY_BYTES + (long) Float.BYTES * one.values().length)
                .sum();
    }

    /** Returns the features of a record that is being prepared; empty if there are none, or not yet. */
    List<PayloadFeatures> of(long offset) {
        FeaturizedRecord record = ahead.get(offset);
        return record == null ? List.of() : record.features();
    }

    /** Returns whether it makes sense to wait for the features of a record. */
    boolean isComing(long offset) {
        return offset > passed && !behind;
    }

    /** Returns whether featurizers have passed a record. */
    boolean hasPassed(long offset) {
        return offset <= passed;
    }

    /** Nobody waits any more until a featurizer has caught up with this role. Returns whether this is new. */
    boolean giveUp() {
        boolean isNew = !behind;
        behind = true;
        return isNew;
    }

    /** Returns whether the newest features are of a featurizer that computes other bits. */
    boolean isOther() {
        return isOther;
    }

    void waits() {
        waiting++;
    }

    void waitsNoLonger() {
        waiting--;
    }

    /** Returns whether features should be read: somebody waits for them, or there is room. */
    boolean isWanted(long room) {
        return waiting > 0 || bytes < room;
    }

    /** Returns whether records of it are being prepared, or were. */
    boolean hasBegun() {
        return opened >= 0;
    }

    /** The reader has lost its position. */
    void lost() {
        if (hasBegun()) {
            since = open.values().stream().reduce(newest, Math::min) - CLOCKS;
            mustSeek = true;
        }
    }

    /** Returns the time in milliseconds from which features must be read; null if the reader only goes on. */
    @Nullable
    Long takeSeek() {
        if (!mustSeek) {
            return null;
        }
        mustSeek = false;
        return Math.max(0, since);
    }
}
