package io.headwater.bench.learner;

import io.headwater.domain.Payload;
import io.headwater.standalone.data.Item;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import javax.imageio.ImageIO;

/** What a worse camera or worse weather does to a picture (as in Hendrycks and Dietterich 2019, CIFAR-10-C). */
enum Corruption {
    /** Noise with a deviation of 35 of 255. */
    NOISE {
        @Override
        double of(double[][] plane, int x, int y, double mean, Random random) {
            return plane[y][x] + 35 * random.nextGaussian();
        }
    },
    /** The mean of a square of three by three pixels, weighted by a bell. */
    BLUR {
        @Override
        double of(double[][] plane, int x, int y, double mean, Random random) {
            double sum = 0;
            double weights = 0;
            for (int i = Math.max(0, y - 2); i <= Math.min(plane.length - 1, y + 2); i++) {
                for (int j = Math.max(0, x - 2); j <= Math.min(plane[y].length - 1, x + 2); j++) {
                    double weight = Math.exp(-((i - y) * (i - y) + (j - x) * (j - x)) / (2 * 1.2 * 1.2));
                    sum += weight * plane[i][j];
                    weights += weight;
                }
            }
            return sum / weights;
        }
    },
    /** A quarter of the contrast. */
    CONTRAST {
        @Override
        double of(double[][] plane, int x, int y, double mean, Random random) {
            return mean + (plane[y][x] - mean) / 4;
        }
    },
    /** A light veil. */
    FOG {
        @Override
        double of(double[][] plane, int x, int y, double mean, Random random) {
            return 0.4 * plane[y][x] + 150;
        }
    };

    private static final int CHANNELS = 3;

    /** Returns the value of a channel of a pixel. */
    abstract double of(double[][] plane, int x, int y, double mean, Random random);

    /** Returns the item with a worse picture, always the same for the same item. */
    Item worse(Item item) {
        return new Item(item.id(), item.label(), () -> worse(item.id(), item.payload()));
    }

    private Payload worse(String id, Payload payload) {
        try {
            byte[] encoded = ((Payload.EncodedImage) payload).bytes();
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(encoded));
            Random random = new Random(id.hashCode());
            for (int channel = 0; channel < CHANNELS; channel++) {
                int shift = 8 * channel;
                double[][] plane = new double[image.getHeight()][image.getWidth()];
                double sum = 0;
                for (int y = 0; y < plane.length; y++) {
                    for (int x = 0; x < plane[y].length; x++) {
                        plane[y][x] = image.getRGB(x, y) >> shift & 0xff;
                        sum += plane[y][x];
                    }
                }
                double mean = sum / plane.length / plane[0].length;
                for (int y = 0; y < plane.length; y++) {
                    for (int x = 0; x < plane[y].length; x++) {
                        int value = (int) Math.round(Math.max(0, Math.min(255, of(plane, x, y, mean, random))));
                        image.setRGB(x, y, image.getRGB(x, y) & ~(0xff << shift) | value << shift);
                    }
                }
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(image, "png", out);
            return new Payload.EncodedImage(out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("item '" + id + "' has no image", e);
        }
    }
}
