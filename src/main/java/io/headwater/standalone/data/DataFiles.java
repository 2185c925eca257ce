package io.headwater.standalone.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The files in a folder or a zip. Hidden files and those that operating systems leave are left out and counted; links that
 * lead out of the folder are left out, because the files behind them must not be sent.
 */
final class DataFiles {
    /** Names that operating systems and file servers give to their own files and folders. */
    private static final Set<String> LITTER =
            Set.of("__MACOSX", "Thumbs.db", "thumbs.db", "desktop.ini", "Desktop.ini", "@eaDir", "$RECYCLE.BIN");

    /** The code page of names in old zips, which say nothing about their encoding (PKWARE, APPNOTE 6.3.10, appendix D). */
    private static final Charset OLD = Charset.forName("IBM437");

    /** The memory that a file takes besides its name. */
    private static final int FILE = 400;

    private final String root;
    private final NavigableMap<String, Source> files = new TreeMap<>();
    private final Faults.Tally faults = new Faults.Tally();
    private final HeldMemory memory;
    private int hidden;

    private DataFiles(Path path, String separator) {
        this.root = path + separator;
        this.memory = HeldMemory.of(String.valueOf(path.getFileName()));
    }

    /** A file. */
    interface Source {
        /** Returns the size in bytes, or -1 if it is not known without reading the file. */
        long size() throws IOException;

        InputStream open() throws IOException;
    }

    /**
     * Finds the files in {@code path}.
     *
     * @param depth how deep folders are searched on disk, at least 1
     */
    static DataFiles in(Path path, int depth) throws IOException {
        DataFiles found = Files.isDirectory(path) ? folder(path, depth) : zip(path);
        if (found.hidden > 0) {
            found.faults.add(
                    "%s: %d hidden files and files of operating systems were left out".formatted(path, found.hidden));
        }
        return found;
    }

    private static DataFiles folder(Path folder, int depth) throws IOException {
        DataFiles found = new DataFiles(folder, "/");
        Path real = folder.toRealPath();
        // Sorted, as the files are, because folders have no order.
        NavigableSet<String> links = new TreeSet<>();
        try (Stream<Path> walked = Files.walk(folder, depth)) {
            for (Iterator<Path> walk =
                            walked.filter(file -> !file.equals(folder)).iterator();
                    walk.hasNext(); ) {
                Path file = walk.next();
                String name = folder.relativize(file).toString().replace('\\', '/');
                boolean isLink = Files.isSymbolicLink(file);
                if (Files.isDirectory(file) && !isLink) {
                    continue;
                }
                if (isHidden(name)) {
                    found.hidden++;
                } else if (isLink
                        && (!Files.isRegularFile(file) || !file.toRealPath().startsWith(real))) {
                    found.memory.add(FILE + HeldMemory.size(name));
                    links.add(name);
                } else if (Files.isRegularFile(file)) {
                    found.put(name, onDisk(isLink ? file.toRealPath() : file));
                }
            }
        }
        for (String name : links) {
            found.faults.add(found.place(name)
                    + ": a file must lie in the folder, but this is a link to another place or to a folder");
        }
        return found;
    }

    /** Returns the file on disk. */
    static Source onDisk(Path file) {
        return new Source() {
            @Override
            public long size() throws IOException {
                return Files.size(file);
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(file);
            }
        };
    }

    private static DataFiles zip(Path path) throws IOException {
        DataFiles found = new DataFiles(path, "!");
        // Not closed here: the items read from it lazily, and it is closed when they are garbage-collected.
        ZipFile zip = zipFile(path);
        for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
            ZipEntry entry = entries.nextElement();
            if (entry.isDirectory()) {
                continue;
            }
            if (isHidden(entry.getName())) {
                found.hidden++;
            } else {
                found.put(entry.getName(), zipped(zip, entry));
            }
        }
        return found;
    }

    /** Opens a zip. Names that are not UTF-8, and not marked as such, are in the code page of the first zips. */
    private static ZipFile zipFile(Path path) throws IOException {
        try {
            return new ZipFile(path.toFile(), StandardCharsets.UTF_8);
        } catch (ZipException e) {
            try {
                return new ZipFile(path.toFile(), OLD);
            } catch (ZipException second) {
                e.addSuppressed(second);
                throw e;
            }
        }
    }

    private static Source zipped(ZipFile zip, ZipEntry entry) {
        return new Source() {
            @Override
            public long size() {
                return entry.getSize();
            }

            @Override
            public InputStream open() throws IOException {
                return zip.getInputStream(entry);
            }
        };
    }

    private static boolean isHidden(String name) {
        for (String part : name.split("/")) {
            if (part.startsWith(".") || LITTER.contains(part)) {
                return true;
            }
        }
        return false;
    }

    private void put(String name, Source file) {
        memory.add(FILE + HeldMemory.size(name));
        files.put(name, file);
    }

    /** Returns the files by their paths within the folder or zip. */
    NavigableMap<String, Source> files() {
        return files;
    }

    /** Returns the memory that the names of the files take, to which that of the items is added. */
    HeldMemory memory() {
        return memory;
    }

    /** Returns a message for each file that was left out, and one for all hidden files together. */
    Faults faults() {
        return faults.faults();
    }

    /** Returns where a file lies, for messages. */
    String place(String name) {
        return root + name;
    }

    /** Reads a file of at most {@code most} bytes. The size that a zip declares is not trusted. */
    byte[] read(String name, int most) throws IOException {
        Source source = files.get(name);
        if (source == null) {
            throw new IOException("file '" + place(name) + "' was not found");
        }
        try (InputStream in = source.open()) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new IOException("%s: a file must have at most %d bytes".formatted(place(name), most));
            }
            return bytes;
        }
    }
}
