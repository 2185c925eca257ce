package io.headwater.cli;

import io.headwater.standalone.pretrain.Images;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwater pretrain image-classifier}. */
@Command(name = "image-classifier", description = "Make a residual network of class folders of images.")
class PretrainImagesCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    PretrainOptions options;

    @Option(
            names = "--train",
            required = true,
            paramLabel = "DATA",
            description = "A folder or zip of class folders of images.")
    Path train;

    @Option(
            names = "--image-size",
            paramLabel = "PIXELS",
            description = "Width and height to which images are brought. Default: ${DEFAULT-VALUE}",
            defaultValue = "32")
    int size;

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "Channels of the first of three stages; each has twice as many. Default: ${DEFAULT-VALUE}",
            defaultValue = "16")
    int width;

    @Option(
            names = "--blocks",
            paramLabel = "N",
            description = "Residual blocks of a stage. Default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    int blocks;

    @Override
    public Integer call() throws Exception {
        return options.run(() -> Images.of(train, new Images.Sizes(size, width, blocks), options.seed));
    }
}
