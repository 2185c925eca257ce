package io.headwater.bench.transfer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/**
 * Creates utterances of two to four digits by one speaker each, separated by short silences, from the clips of the
 * Free Spoken Digit Dataset: a folder {@code train} of all speakers but one and a folder {@code test} of the remaining
 * one, both in the format of LibriSpeech. The same arguments give the same bytes.
 */
public final class ConcatenatedDigits {
    private static final Pattern CLIP = Pattern.compile("(?:.*/)?([0-9])_([a-z]+)_([0-9]+)\\.wav");
    private static final List<String> WORDS =
            List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");
    private static final AudioFormat FORMAT = new AudioFormat(8000, 16, 1, true, false);
    private static final int MILLISECOND = 16;

    /** How digits are spelled in transcripts. */
    public enum Spelling {
        /** {@code three one four}. */
        WORDS,
        /** {@code 3 1 4}: one character per digit. */
        DIGITS
    }

    /** The samples of each speaker's clips, by digit. */
    private final Map<String, Map<Integer, List<byte[]>>> clips = new TreeMap<>();

    private final Spelling spelling;

    private ConcatenatedDigits(Spelling spelling) {
        this.spelling = spelling;
    }

    /**
     * Writes the folders.
     *
     * @param args the zip of the clips, the folder to write to, the speaker held out, utterances of each speaker, a seed, and
     *     optionally {@code words} or {@code digits}
     */
    public static void main(String[] args) throws IOException {
        if (args.length < 5) {
            throw new IllegalArgumentException("give: ZIP FOLDER SPEAKER UTTERANCES SEED [words|digits]");
        }
        Spelling spelling = args.length > 5 && args[5].equals("digits") ? Spelling.DIGITS : Spelling.WORDS;
        write(
                Path.of(args[0]),
                Path.of(args[1]),
                args[2],
                Integer.parseInt(args[3]),
                Long.parseLong(args[4]),
                spelling);
    }

    /**
     * Writes {@code train} and {@code test} below {@code folder}.
     *
     * @param zip of clips named {@code digit_speaker_index.wav}
     * @param heldOut the speaker who occurs only in {@code test}
     * @param utterances number of utterances of each speaker
     * @param seed seed of the random choices
     */
    public static void write(Path zip, Path folder, String heldOut, int utterances, long seed, Spelling spelling)
            throws IOException {
        ConcatenatedDigits digits = new ConcatenatedDigits(spelling);
        digits.read(zip);
        if (!digits.clips.containsKey(heldOut)) {
            throw new IllegalArgumentException(
                    "the speaker held out must be one of " + digits.clips.keySet() + ", but is '" + heldOut + "'");
        }
        SplittableRandom random = new SplittableRandom(seed);
        for (Map.Entry<String, Map<Integer, List<byte[]>>> one : digits.clips.entrySet()) {
            String speaker = one.getKey();
            Path part = folder.resolve(speaker.equals(heldOut) ? "test" : "train");
            digits.write(part.resolve(speaker).resolve("0"), speaker, one.getValue(), utterances, random.split());
        }
    }

    private void read(Path path) throws IOException {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            Map<String, ZipEntry> entries = new TreeMap<>();
            zip.stream().forEach(entry -> entries.put(entry.getName(), entry));
            for (ZipEntry entry : entries.values()) {
                Matcher name = CLIP.matcher(entry.getName());
                if (name.matches()) {
                    byte[] file = zip.getInputStream(entry).readAllBytes();
                    clips.computeIfAbsent(name.group(2), speaker -> new HashMap<>())
                            .computeIfAbsent(Integer.parseInt(name.group(1)), digit -> new ArrayList<>())
                            .add(samples(file));
                }
            }
        }
    }

    private static byte[] samples(byte[] file) throws IOException {
        try (AudioInputStream in = AudioSystem.getAudioInputStream(new ByteArrayInputStream(file))) {
            if (!in.getFormat().matches(FORMAT)) {
                throw new IOException("a clip must be " + FORMAT + ", but is " + in.getFormat());
            }
            return in.readAllBytes();
        } catch (UnsupportedAudioFileException e) {
            throw new IOException(e);
        }
    }

    private void write(
            Path folder, String speaker, Map<Integer, List<byte[]>> digits, int utterances, SplittableRandom random)
            throws IOException {
        Files.createDirectories(folder);
        StringBuilder transcripts = new StringBuilder();
        for (int i = 0; i < utterances; i++) {
            String id = "%s-0-%04d".formatted(speaker, i);
            ByteArrayOutputStream sound = new ByteArrayOutputStream();
            List<String> predicted = new ArrayList<>();
            int count = random.nextInt(2, 5);
            silence(sound, random);
            for (int k = 0; k < count; k++) {
                int digit = random.nextInt(10);
                List<byte[]> takes =
                        Objects.requireNonNull(digits.get(digit), () -> "no clip of " + digit + " by " + speaker);
                sound.writeBytes(takes.get(random.nextInt(takes.size())));
                silence(sound, random);
                predicted.add(spelling == Spelling.WORDS ? WORDS.get(digit) : Integer.toString(digit));
            }
            byte[] samples = sound.toByteArray();
            try (AudioInputStream in =
                    new AudioInputStream(new ByteArrayInputStream(samples), FORMAT, samples.length / 2)) {
                AudioSystem.write(
                        in,
                        AudioFileFormat.Type.WAVE,
                        folder.resolve(id + ".wav").toFile());
            }
            transcripts
                    .append(id)
                    .append(' ')
                    .append(String.join(" ", predicted))
                    .append('\n');
        }
        Files.writeString(folder.resolve(speaker + "-0.trans.txt"), transcripts);
    }

    /** Appends 40 to 160 ms of silence. */
    private static void silence(ByteArrayOutputStream sound, SplittableRandom random) {
        sound.writeBytes(new byte[random.nextInt(40, 161) * MILLISECOND]);
    }
}
