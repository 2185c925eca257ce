package io.headwater.online;

import io.headwater.adapt.PublishedHead;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.serving.ServingSetup;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the base model once at the start, and each head once before it serves, so that the first caller does not wait for what
 * libraries prepare when they are first used. The input is the first of a few that the adaptation reads; where it reads none of them,
 * as with numbers, whose base models are small, nothing is run.
 */
final class WarmUp implements Consumer<PublishedHead> {
    private static final Logger LOG = Logger.getLogger(WarmUp.class);
    private static final int SIDE = 64;
    private static final int SAMPLE_RATE = 16_000;

    private final ServingSetup setup;
    private final float @Nullable [] features;

    WarmUp(ServingSetup setup) {
        this.setup = setup;
        this.features = features(setup);
    }

    private static float @Nullable [] features(ServingSetup setup) {
        for (Payload payload : List.of(
                new Payload.Text("warm up"),
                new Payload.TextPair("warm", "up"),
                new Payload.EncodedImage(picture()),
                new Payload.Waveform(new byte[2 * SAMPLE_RATE], SAMPLE_RATE))) {
            Outcome<float[]> features = setup.featurizer()
                    .view(payload)
                    .then(view -> setup.featurizer().features(List.of(view)).get(0));
            if (features instanceof Outcome.Ok<float[]> ok) {
                return ok.value();
            }
        }
        return null;
    }

    private static byte[] picture() {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            ImageIO.write(new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB), "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a head that does not serve yet. */
    @Override
    public void accept(PublishedHead head) {
        if (features != null) {
            try {
                head.predictions(setup.goal(), new float[][] {features});
            } catch (RuntimeException e) {
                LOG.warnf(e, "head-not-warmed adaptation=%s", setup.config().name());
            }
        }
    }
}
