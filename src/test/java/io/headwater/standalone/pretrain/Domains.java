package io.headwater.standalone.pretrain;

import io.headwater.engine.SplitMix64;
import io.headwater.testing.TestSounds;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Generates the data of artificial domains deterministically. A base model is pretrained on a source domain; a target
 * domain shares structure with it and has few labels.
 *
 * <p>The main method writes the source domains to a given folder: {@code sentences.txt}, {@code shapes} and {@code
 * signals}.
 */
final class Domains {
    /** Number of topics; each has its own words. */
    static final int TOPICS = 5;

    private static final int NOUNS = 14;
    private static final int VERBS = 10;
    private static final int ADJECTIVES = 10;
    private static final List<String> SYLLABLES =
            List.of("ba", "ko", "mi", "ru", "te", "la", "so", "ni", "du", "fe", "go", "ha", "jo", "pu", "wi", "za");
    private static final List<String> SENTENCES = List.of(
            "the n v the j n", "a n v near the n", "the j n and the j n v", "in the n a j n v", "n and n v with the n");

    /** The shapes of the source domain, followed by those of the target domain. */
    private static final List<String> SHAPES =
            List.of("disc", "square", "triangle", "bars", "ring", "cross", "diamond", "frame", "half", "corner");

    static final int SOURCE_SHAPES = 6;
    static final int IMAGE_SIZE = 24;

    /** The signals of the source domain, followed by those of the target domain. */
    private static final List<String> SIGNALS = List.of(
            "steady", "rising", "falling", "pulses", "warble", "noise", "peak", "valley", "quick-pulses", "two-tones");

    static final int SOURCE_SIGNALS = 6;
    static final int SAMPLE_RATE = 8000;
    static final double SECONDS = 0.4;

    private Domains() {}

    /** Writes the source domains. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Files.createDirectories(folder);
        Files.write(folder.resolve("sentences.txt"), sentences(1, 2500), StandardCharsets.UTF_8);
        shapes(folder.resolve("shapes"), 0, SOURCE_SHAPES, 80, 1);
        signals(folder.resolve("signals"), 0, SOURCE_SIGNALS, 60, 1);
    }

    // Sentences.

    /** A sentence and the index of its topic. */
    record Sentence(String text, int topic) {}

    /** Sentences about all topics. */
    static List<String> sentences(long seed, int count) {
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sentences.add(sentence(new SplitMix64(seed, i), i % TOPICS, 0, 1));
        }
        return sentences;
    }

    /**
     * Returns sentences about the topics in turn, which use only every second word of a topic.
     *
     * @param half which half of the words is used, 0 or 1
     */
    static List<Sentence> labelled(long seed, int count, int half) {
        List<Sentence> sentences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int topic = i % TOPICS;
            sentences.add(new Sentence(sentence(new SplitMix64(seed, i), topic, half, 2), topic));
        }
        return sentences;
    }

    private static String sentence(SplitMix64 random, int topic, int first, int step) {
        StringBuilder text = new StringBuilder();
        for (String part : SENTENCES.get(random.nextInt(SENTENCES.size())).split(" ")) {
            String word = switch (part) {
                case "n" -> word(topic, 0, first + step * random.nextInt(NOUNS / step));
                case "v" -> word(topic, 1, first + step * random.nextInt(VERBS / step));
                case "j" -> word(topic, 2, first + step * random.nextInt(ADJECTIVES / step));
                default -> part;
            };
            text.append(text.isEmpty() ? "" : " ").append(word);
        }
        return text.toString();
    }

    /** Returns a word made of syllables, unique for each topic, kind and number. */
    private static String word(int topic, int kind, int number) {
        SplitMix64 random = new SplitMix64(1 + topic, kind * 100L + number);
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < 2 + kind % 2; i++) {
            word.append(SYLLABLES.get(random.nextInt(SYLLABLES.size())));
        }
        return word + List.of("", "s", "y").get(kind);
    }

    // Pictures.

    /** Writes class folders of pictures of some shapes in random colours, sizes and positions. */
    static void shapes(Path folder, int from, int to, int each, long seed) throws IOException {
        for (int shape = from; shape < to; shape++) {
            Path of = Files.createDirectories(folder.resolve(SHAPES.get(shape)));
            for (int i = 0; i < each; i++) {
                Files.write(
                        of.resolve("%03d.png".formatted(i)), picture(shape, new SplitMix64(seed + 1000L * shape, i)));
            }
        }
    }

    private static byte[] picture(int shape, SplitMix64 random) throws IOException {
        BufferedImage image = new BufferedImage(IMAGE_SIZE, IMAGE_SIZE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        int paper = 40 + random.nextInt(80);
        graphics.setColor(new Color(paper, 40 + random.nextInt(80), 40 + random.nextInt(80)));
        graphics.fillRect(0, 0, IMAGE_SIZE, IMAGE_SIZE);
        graphics.setColor(new Color(130 + random.nextInt(126), 130 + random.nextInt(126), 130 + random.nextInt(126)));
        int size = 10 + random.nextInt(9);
        draw(graphics, shape, random.nextInt(IMAGE_SIZE - size), random.nextInt(IMAGE_SIZE - size), size);
        graphics.dispose();
        for (int y = 0; y < IMAGE_SIZE; y++) {
            for (int x = 0; x < IMAGE_SIZE; x++) {
                int rgb = image.getRGB(x, y);
                int noise = random.nextInt(41) - 20;
                image.setRGB(
                        x, y, shifted(rgb >> 16, noise) << 16 | shifted(rgb >> 8, noise) << 8 | shifted(rgb, noise));
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return png.toByteArray();
    }

    private static int shifted(int channel, int by) {
        return Math.max(0, Math.min(255, (channel & 255) + by));
    }

    private static void draw(Graphics2D graphics, int shape, int x, int y, int size) {
        int half = size / 2;
        graphics.setStroke(new BasicStroke(2));
        switch (SHAPES.get(shape)) {
            case "disc" -> graphics.fillOval(x, y, size, size);
            case "square" -> graphics.fillRect(x, y, size, size);
            case "triangle" ->
                graphics.fillPolygon(
                        new Polygon(new int[] {x, x + size, x + half}, new int[] {y + size, y + size, y}, 3));
            case "bars" -> {
                for (int bar = 0; bar < size; bar += 4) {
                    graphics.fillRect(x, y + bar, size, 2);
                }
            }
            case "ring" -> graphics.drawOval(x, y, size - 1, size - 1);
            case "cross" -> {
                graphics.fillRect(x + half - 1, y, 3, size);
                graphics.fillRect(x, y + half - 1, size, 3);
            }
            case "diamond" ->
                graphics.fillPolygon(new Polygon(
                        new int[] {x + half, x + size, x + half, x}, new int[] {y, y + half, y + size, y + half}, 4));
            case "frame" -> graphics.drawRect(x, y, size - 1, size - 1);
            case "half" -> graphics.fillArc(x, y, size, size, 0, 180);
            default -> {
                graphics.fillRect(x, y, 3, size);
                graphics.fillRect(x, y + size - 3, size, 3);
            }
        }
    }

    // Sounds.

    /** Writes class folders of some signals with random pitch and loudness, with noise. */
    static void signals(Path folder, int from, int to, int each, long seed) throws IOException {
        for (int signal = from; signal < to; signal++) {
            Path of = Files.createDirectories(folder.resolve(SIGNALS.get(signal)));
            for (int i = 0; i < each; i++) {
                float[] samples = sound(signal, new SplitMix64(seed + 1000L * signal, i));
                Files.write(of.resolve("%03d.wav".formatted(i)), TestSounds.wav(samples, SAMPLE_RATE));
            }
        }
    }

    private static float[] sound(int signal, SplitMix64 random) {
        int length = (int) (SECONDS * SAMPLE_RATE);
        double pitch = 400 + random.nextInt(1200);
        double level = 0.1 + random.nextInt(100) / 250.0;
        float[] samples = new float[length];
        double phase = 0;
        for (int i = 0; i < length; i++) {
            double time = (double) i / length;
            double hum = (random.nextInt(2001) - 1000) / 1000.0;
            phase += 2 * Math.PI * frequency(signal, pitch, time) / SAMPLE_RATE;
            double tone = SIGNALS.get(signal).equals("noise") ? hum : StrictMath.sin(phase);
            samples[i] = (float) (level * loudness(signal, time) * tone + 0.01 * hum);
        }
        return samples;
    }

    private static double frequency(int signal, double pitch, double time) {
        return switch (SIGNALS.get(signal)) {
            case "rising" -> pitch * (1 + time);
            case "falling" -> pitch * (2 - time);
            case "warble" -> pitch * (1 + 0.3 * StrictMath.sin(2 * Math.PI * 6 * time));
            case "peak" -> pitch * (2 - Math.abs(2 * time - 1));
            case "valley" -> pitch * (1 + Math.abs(2 * time - 1));
            case "two-tones" -> time < 0.5 ? pitch : 1.6 * pitch;
            default -> pitch;
        };
    }

    private static double loudness(int signal, double time) {
        return switch (SIGNALS.get(signal)) {
            case "pulses" -> time * 3 % 1 < 0.5 ? 1 : 0;
            case "quick-pulses" -> time * 7 % 1 < 0.5 ? 1 : 0;
            default -> 1;
        };
    }
}
