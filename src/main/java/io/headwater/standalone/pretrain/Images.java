package io.headwater.standalone.pretrain;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.Channels;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.TaskKind;
import io.headwater.engine.ModelInput;
import io.headwater.engine.family.ConvNet;
import io.headwater.engine.family.FamilyModel;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Prepares the pretraining of image classifiers. */
public final class Images {
    private static final String INPUT = "image";
    /** Approximate mean and standard deviation of the pixel values of photographs. */
    private static final double MEAN = 120;

    private static final double SCALE = 1 / 64.0;

    private Images() {}

    /**
     * The size of an image classifier.
     *
     * @param pixels width and height of the input image, 8 to 1024
     * @param width channels of the first stage
     * @param blocks number of blocks in each stage
     */
    public record Sizes(int pixels, int width, int blocks) {}

    /**
     * Prepares a residual network that classifies the images in class folders.
     *
     * @param path a folder or zip of class folders
     * @param seed seed of the initial weights; not 0
     */
    public static Subject of(Path path, Sizes sizes, long seed) {
        // Created first, so that the sizes are checked before any data is read.
        new ConvNet(3, sizes.pixels(), sizes.pixels(), sizes.width(), sizes.blocks(), 2);
        ImageInput input = new ImageInput(
                INPUT,
                sizes.pixels(),
                sizes.pixels(),
                ImageLayout.NCHW,
                Channels.RGB,
                List.of(MEAN, MEAN, MEAN),
                List.of(SCALE, SCALE, SCALE));
        LabelledData data = LabelledData.read(
                path, TaskKind.IMAGE_CLASSIFICATION, input, prepared -> ((ModelInput.Pixels) prepared).values());
        int classes = data.classes().size();
        FamilyModel model = new ConvNet(3, sizes.pixels(), sizes.pixels(), sizes.width(), sizes.blocks(), classes)
                .model("resnet", INPUT, seed);
        SortedMap<String, String> named = new TreeMap<>();
        named.put("image-size", Integer.toString(sizes.pixels()));
        named.put("width", Integer.toString(sizes.width()));
        named.put("blocks", Integer.toString(sizes.blocks()));
        return new Subject(
                model,
                new Classes(data.rows(), data.targets()),
                1,
                classes,
                false,
                named,
                data.digest(),
                data.faults(),
                null,
                (name, licence, file, none) -> new BaseModelManifest(
                        name,
                        licence,
                        model.family(),
                        file,
                        List.of(),
                        input,
                        model.features(),
                        model.blocks(),
                        Pooling.NONE,
                        false,
                        data.classes()));
    }
}
