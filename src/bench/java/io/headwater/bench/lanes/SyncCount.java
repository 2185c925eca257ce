package io.headwater.bench.lanes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Counts how often files and folders below a folder are synced, from the events of the Java runtime. */
final class SyncCount implements AutoCloseable {
    private static final String EVENT = "jdk.FileForce";

    private final Recording recording = new Recording();
    private final Path folder;

    SyncCount(Path folder) {
        this.folder = folder;
        recording.enable(EVENT).withThreshold(Duration.ZERO).withoutStackTrace();
        recording.start();
    }

    /** Returns the number since this was created. */
    long stop() throws IOException {
        recording.stop();
        Path file = Files.createTempFile("headwater-syncs", ".jfr");
        try {
            recording.dump(file);
            long count = 0;
            try (RecordingFile events = new RecordingFile(file)) {
                while (events.hasMoreEvents()) {
                    RecordedEvent event = events.readEvent();
                    if (event.getEventType().getName().equals(EVENT) && isOurs(event.getString("path"))) {
                        count++;
                    }
                }
            }
            return count;
        } finally {
            Files.delete(file);
        }
    }

    private boolean isOurs(String path) {
        return path != null && Path.of(path).startsWith(folder);
    }

    @Override
    public void close() {
        recording.close();
    }
}
