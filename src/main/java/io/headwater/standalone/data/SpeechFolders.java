package io.headwater.standalone.data;

import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.standalone.data.BoundedLines.Line;
import io.headwater.standalone.data.DataFiles.Source;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads recorded speech in the form of LibriSpeech (Panayotov et al. 2015, "Librispeech: an ASR corpus based on public
 * domain audio books"), in a folder or a zip: files that end in {@code .trans.txt} hold one line for each recording,
 * with its name, a space and its transcript; the {@code .flac} or {@code .wav} files lie in the same folder.
 */
final class SpeechFolders {
    private static final String TRANSCRIPTS = ".trans.txt";
    private static final Pattern SOUND = Pattern.compile("(?i)(.*)\\.(flac|wav|wave)");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    /** Maximum depth of nested folders; LibriSpeech has four levels. */
    private static final int MAX_DEPTH = 16;

    private final String name;
    private final NavigableMap<String, Source> files;
    /** The recordings by their paths without file extension. */
    private final Map<String, String> recordings = new TreeMap<>();

    private final Set<String> transcribed = new HashSet<>();
    private final Found found;

    private SpeechFolders(String name, DataFiles all) {
        this.name = name;
        this.found = new Found(name, all);
        this.files = all.files();
        for (String file : files.keySet()) {
            Matcher sound = SOUND.matcher(file);
            if (sound.matches()) {
                recordings.putIfAbsent(sound.group(1), file);
            }
        }
    }

    /** Reads the recordings in the folder or zip {@code path}, in the order of the transcripts. */
    static Dataset read(Path path) throws IOException {
        DataFiles all = DataFiles.in(path, MAX_DEPTH);
        SpeechFolders speech = new SpeechFolders(String.valueOf(path.getFileName()), all);
        for (String file : all.files().keySet()) {
            if (file.endsWith(TRANSCRIPTS)) {
                speech.transcripts(file);
            }
        }
        speech.unsaid();
        return speech.found.dataset();
    }

    private void transcripts(String file) throws IOException {
        String beside = file.substring(0, file.lastIndexOf('/') + 1);
        try (InputStream in = source(file).open()) {
            BoundedLines lines = new BoundedLines(Utf8.reader(in));
            for (Line line = lines.next(); line != null; line = lines.next()) {
                if (!line.isWhole()) {
                    found.fault(place(file, line)
                            + "a line must have at most %d characters, but has more"
                                    .formatted(BoundedLines.MAX_LENGTH));
                } else if (!line.text().isBlank()) {
                    transcript(file, beside, line);
                }
            }
        } catch (CharConversionException e) {
            found.fault("%s/%s: a file of transcripts %s".formatted(name, file, e.getMessage()));
        }
    }

    private String place(String file, Line line) {
        return "%s/%s:%d: ".formatted(name, file, line.number());
    }

    /**
     * Adds the recording of a transcript line. Names are only looked up among the files found, so none can refer to a
     * file elsewhere.
     */
    private void transcript(String file, String beside, Line line) throws IOException {
        String[] parts = BLANKS.split(line.text().strip(), 2);
        String place = place(file, line);
        String recording = recordings.get(beside + parts[0]);
        if (recording == null) {
            found.fault(place + "a recording must lie beside its transcript as NAME.flac or NAME.wav, but '"
                    + Json.shown(parts[0]) + "' does not");
        } else if (!transcribed.add(recording)) {
            found.fault(place + "a recording must have one transcript, but '" + Json.shown(parts[0]) + "' has another");
        } else if (parts.length < 2) {
            found.fault(place + "a line must be NAME and what is said, but '" + Json.shown(parts[0])
                    + "' has no transcript");
        } else if (source(recording).size() > ClassFolders.MAX_BYTES) {
            found.fault(place + tooLarge(parts[0]));
        } else {
            found.add(recording, new Label.Transcript(parts[1]), () -> payload(recording));
        }
    }

    /** Reports recordings that have no transcript. */
    private void unsaid() {
        for (String recording : recordings.values()) {
            if (!transcribed.contains(recording)) {
                found.fault("%s/%s: a recording must have a line in a file NAME%s beside it"
                        .formatted(name, recording, TRANSCRIPTS));
            }
        }
    }

    private Payload payload(String file) {
        try (InputStream in = source(file).open()) {
            // The entry size that a zip declares is not trusted.
            byte[] bytes = in.readNBytes(ClassFolders.MAX_BYTES + 1);
            if (bytes.length > ClassFolders.MAX_BYTES) {
                throw new IOException(tooLarge(file));
            }
            return new Payload.Waveform(bytes, 0);
        } catch (IOException e) {
            throw new UncheckedIOException("file '" + file + "' of data '" + name + "' cannot be read", e);
        }
    }

    private Source source(String file) {
        return Objects.requireNonNull(files.get(file), file);
    }

    private static String tooLarge(String file) {
        return "a recording must have at most %d bytes, but '%s' has more"
                .formatted(ClassFolders.MAX_BYTES, Json.shown(file));
    }
}
