package io.headwater.cli.pretrain;

import io.headwater.cli.console.HelpOption;
import io.headwater.standalone.pretrain.Images;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwater pretrain image-classifier}. */
@Command(name = "image-classifier", description = "Train a residual network on images in class folders.")
class PretrainImagesCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    PretrainOptions options;

    @Option(
            names = "--train",
            required = true,
            paramLabel = "DATA",
            description = "A folder or zip with one folder of images per class.")
    Path train;

    @Option(
            names = "--image-size",
            paramLabel = "PIXELS",
            description = "Width and height to which images are resized. Default: ${DEFAULT-VALUE}",
            defaultValue = "32")
    int size;

    @Option(
            names = "--width",
            paramLabel = "N",
            description =
                    "Channels of the first of three stages; each further stage has twice as many. Default: ${DEFAULT-VALUE}",
            defaultValue = "16")
    int width;

    @Option(
            names = "--blocks",
            paramLabel = "N",
            description = "Residual blocks per stage. Default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    int blocks;

    @Override
    public Integer call() throws Exception {
        return options.run(() -> Images.of(train, new Images.Sizes(size, width, blocks), options.seed));
    }
}
