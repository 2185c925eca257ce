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
 * Features in a memory-mapped file of bounded size that outlives the process. It consists of a header, a table of
 * slots, and segments to which entries are appended; when the last segment is full, the oldest entries are overwritten.
 * The file belongs to one process at a time. Its contents are not trusted: slots and write position are hints, and an
 * entry is used only if it has the requested key and a valid checksum. The file may therefore be deleted, truncated or
 * corrupted at any moment, and a lookup returns the right features or none. Thread-safe.
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
    private volatile boolean closed; // also set under the read lock, when the file is lost

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
        // Written on each opening, so that the file's modification time tells when it was last used.
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
     * Opens the file at {@code path}; it is recreated if it does not have this identity and layout.
     *
     * @param identity digest of everything on which the features depend except the key
     * @return null if the file is in use by another process or another part of this one
     * @throws IOException if the file cannot be created or opened, for lack of space or permissions
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

    /** Locks the whole file; returns null if it is already locked. */
    static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this process holds the lock
        }
    }

    /** The features stored under {@code key}, or null. */
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

    /** Stores {@code features}, unless they are longer than a segment. */
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

    /** The current size of the file in bytes. */
    long bytes() {
        lock.readLock().lock();
        try {
            return closed ? 0 : layout.segmentAt(segments.size());
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Closes the file, which is kept for the next process. From then on lookups return nothing. */
    @Override
    public void close() throws IOException {
        lock.writeLock().lock();
        try {
            closed = true;
            segments.clear(); // unmapped by the garbage collector
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

    /** Creates the segment if it does not exist yet; if the disk is full, the file ends before this segment. */
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

    /** Writes zeroes up to {@code size}: a mapped page without disk space behind it would cause a fault later. */
    private void extend(long size) throws IOException {
        long at = channel.size();
        while (at < size) {
            at += channel.write(ByteBuffer.allocate((int) Math.min(ZEROES_BYTES, size - at)), at);
        }
    }

    private boolean begins(byte[] expected) throws IOException {
        ByteBuffer found = ByteBuffer.allocate(expected.length);
        while (found.hasRemaining() && channel.read(found, found.position()) > 0) {
            // continue reading
        }
        return Arrays.equals(found.array(), expected);
    }

    /**
     * Whether the file is open and has its full length. Access to a mapped page without a file behind it is a fault
     * that Java may report anywhere, so the length is checked before each access; a truncation between check and access
     * is not covered.
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
