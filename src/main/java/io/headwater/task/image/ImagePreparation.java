package io.headwater.task.image;

import io.headwater.config.ImageInput;
import io.headwater.config.LimitsConfig;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.ModelInput;
import io.headwater.task.PayloadView;
import io.headwater.task.Preparation;

/** Converts image files to pixels. */
public final class ImagePreparation implements Preparation {
    private final ImageDecoder decoder;
    private final PixelLayout layout;
    private final ImageInput input;
    private final LimitsConfig limits;

    /** Creates a preparation of images for {@code input}. */
    public ImagePreparation(ImageInput input, LimitsConfig limits) {
        this.input = input;
        this.limits = limits;
        decoder = new ImageDecoder(input.width(), input.height(), limits.imagePixels());
        layout = new PixelLayout(input);
    }

    @Override
    public Outcome<ModelInput> input(PayloadView view) {
        Payload payload = view.payload();
        if (!(payload instanceof Payload.EncodedImage image)) {
            return Outcome.rejected(
                    Reason.WRONG_KIND,
                    "payload must be of kind image, but is " + payload.kind()
                            + "; send it to an adaptation of its kind");
        }
        if (image.bytes().length > limits.imageBytes()) {
            return Outcome.rejected(
                    Reason.TOO_LARGE,
                    "image may have at most " + limits.imageBytes() + " bytes, but has " + image.bytes().length
                            + "; shrink it or raise 'limits.image-bytes'");
        }
        return decoder.decode(image.bytes()).then(planes -> {
            RgbPlanes resized = planes.resized(input.width(), input.height());
            return Outcome.ok(new ModelInput.Pixels(layout.values(resized)));
        });
    }
}
