package io.headwater.engine.cache;

import io.headwater.domain.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Features in a memory-mapped file of bounded size that outlives the process: a header, a table of slots, and segments
 * that entries are appended to; when the last is full, the oldest are overwritten. The file belongs to one process at a
 * time. Nothing in it is trusted: slots and write position are hints, and an entry counts only when it carries the key and
 * its checksum holds, so it may be deleted, truncated or garbled at any moment and gives the right features or none. Safe
 * for use by several threads.
 */
final class FeatureFile implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(FeatureFile.class);
    private static final int ZEROES_BYTES = 1 << 16;

    private final Path path;
    private final FeatureFileLayout layout;
    private final FeatureEntry entries;
    private final FileChannel channel;
    private final FileLock owned;
    private final MappedByteBuffer header;
    private final FeatureIndex index;
    private final List<MappedByteBuffer> segments = new ArrayList<>();
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private int usableSegments;
    private long write;
    private volatile boolean closed; // also under the read lock, when the file is lost

    private FeatureFile(Path path, FeatureFileLayout layout, Digest identity, FileChannel channel, FileLock owned)
            throws IOException {
        this.path = path;
        this.layout = layout;
        this.channel = channel;
        this.owned = owned;
        byte[] name = HexFormat.of().parseHex(identity.hex());
        entries = new FeatureEntry(name);
        byte[] begin = layout.header(name);
        int written = begins(begin) ? layout.writtenSegments(channel.size()) : -1;
        if (written < 0) {
            channel.truncate(0);
            extend(FeatureFileLayout.HEADER_BYTES + layout.indexBytes());
            written = 0;
        }
        // Written each time, so that the file's date says when it was last of use.
        channel.write(ByteBuffer.wrap(begin), 0);
        header = channel.map(MapMode.READ_WRITE, 0, FeatureFileLayout.HEADER_BYTES);
        index = new FeatureIndex(
                channel.map(MapMode.READ_WRITE, FeatureFileLayout.HEADER_BYTES, layout.indexBytes()),
                layout.capacity());
        for (int i = 0; i < written; i++) {
            segments.add(channel.map(MapMode.READ_WRITE, layout.segmentAt(i), layout.segmentBytes()));
        }
        usableSegments = layout.segments();
        write = layout.writePosition(header.getLong(FeatureFileLayout.WRITE_AT), written);
    }

    /**
     * Opens the file at {@code path}, and starts it anew where it is not one of this identity and layout.
     *
     * @param identity of all that the features depend on but the key
     * @return null when another process or another part of this one has it
     * @throws IOException when there can be no such file, for want of space or of a right
     */
    static @Nullable FeatureFile open(Path path, FeatureFileLayout layout, Digest identity) throws IOException {
        FileChannel channel = FileChannel.open(
                path,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS));
        try {
            FileLock owned = lock(channel);
            if (owned != null) {
                return new FeatureFile(path, layout, identity, channel, owned);
            }
            channel.close();
            return null;
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /** The lock of the whole file, or null when somebody has it. */
    static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this process has it
        }
    }

    /** The features kept under {@code key}, or null. */
    float @Nullable [] get(Digest key) {
        byte[] bytes = HexFormat.of().parseHex(key.hex());
        lock.readLock().lock();
        try {
            return isWhole() ? find(bytes) : null;
        } catch (InternalError e) {
            lose(e.toString());
            return null;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Keeps {@code features}, unless they are longer than a segment. */
    void put(Digest key, float[] features) {
        if (FeatureEntry.maxBytes(features.length) > layout.segmentBytes()) {
            return;
        }
        byte[] bytes = HexFormat.of().parseHex(key.hex());
        byte[] entry = entries.encode(bytes, features);
        lock.writeLock().lock();
        try {
            if (isWhole() && !isSame(find(bytes), features)) {
                append(bytes, entry);
            }
        } catch (InternalError e) {
            lose(e.toString());
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Bytes that the file takes now. */
    long bytes() {
        lock.readLock().lock();
        try {
            return closed ? 0 : layout.segmentAt(segments.size());
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Lets the file go; it stays for the next process. From now on nothing is found. */
    @Override
    public void close() throws IOException {
        lock.writeLock().lock();
        try {
            closed = true;
            segments.clear(); // unmapped when the collector finds them
            if (channel.isOpen()) {
                owned.release();
                channel.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private float @Nullable [] find(byte[] key) {
        for (long position : index.candidates(key)) {
            int segment = (int) (position / layout.segmentBytes());
            if (segment < segments.size()) {
                float[] features = entries.decode(segments.get(segment), (int) (position % layout.segmentBytes()), key);
                if (features != null) {
                    return features;
                }
            }
        }
        return null;
    }

    private void append(byte[] key, byte[] entry) {
        long position = layout.roomAt(write, entry.length);
        int segment = (int) (position / layout.segmentBytes());
        if (segment >= usableSegments || !isThere(segment)) {
            position = 0;
            segment = 0;
        }
        if (usableSegments == 0) {
            return;
        }
        segments.get(segment).put((int) (position % layout.segmentBytes()), entry);
        index.add(key, position, write);
        write = layout.after(position, entry.length);
        header.putLong(FeatureFileLayout.WRITE_AT, write);
    }

    /** Makes the segment where it is not there yet; without space on the disk the file ends before it. */
    private boolean isThere(int segment) {
        if (segment < segments.size()) {
            return true;
        }
        try {
            extend(layout.segmentAt(segment) + layout.segmentBytes());
            segments.add(channel.map(MapMode.READ_WRITE, layout.segmentAt(segment), layout.segmentBytes()));
            return true;
        } catch (IOException e) {
            usableSegments = segments.size();
            LOG.warnf(
                    "features-file-full path=%s segments=%d of=%d reason=%s",
                    path, usableSegments, layout.segments(), e);
            return false;
        }
    }

    /** Writes zeroes up to {@code size}: a mapped page without space on the disk behind it would be a fault later. */
    private void extend(long size) throws IOException {
        long at = channel.size();
        while (at < size) {
            at += channel.write(ByteBuffer.allocate((int) Math.min(ZEROES_BYTES, size - at)), at);
        }
    }

    private boolean begins(byte[] expected) throws IOException {
        ByteBuffer found = ByteBuffer.allocate(expected.length);
        while (found.hasRemaining() && channel.read(found, found.position()) > 0) {
            // reads on
        }
        return Arrays.equals(found.array(), expected);
    }

    /**
     * Whether the file is there in its length. A mapped page without a file behind it is a fault that Java may report
     * anywhere, so it is asked before, and what happens in between is left to chance.
     */
    private boolean isWhole() {
        if (closed) {
            return false;
        }
        try {
            if (channel.size() < layout.segmentAt(segments.size())) {
                lose("somebody made it shorter");
            }
        } catch (IOException e) {
            lose(e.toString());
        }
        return !closed;
    }

    private void lose(String reason) {
        closed = true;
        LOG.warnf("features-file-lost path=%s reason=\"%s\"", path, reason);
    }

    private static boolean isSame(float @Nullable [] found, float[] features) {
        if (found == null || found.length != features.length) {
            return false;
        }
        for (int i = 0; i < found.length; i++) {
            if (Float.floatToRawIntBits(found[i]) != Float.floatToRawIntBits(features[i])) {
                return false;
            }
        }
        return true;
    }
}
