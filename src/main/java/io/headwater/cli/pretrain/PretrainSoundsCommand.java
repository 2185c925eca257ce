package io.headwater.cli.pretrain;

import io.headwater.cli.console.HelpOption;
import io.headwater.standalone.pretrain.Sounds;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwater pretrain audio-classifier}. */
@Command(
        name = "audio-classifier",
        description = "Train a residual network over log-mel frames on sounds in class folders.")
class PretrainSoundsCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    PretrainOptions options;

    @Option(
            names = "--train",
            required = true,
            paramLabel = "DATA",
            description = "A folder or zip with one folder of WAV or FLAC files per class.")
    Path train;

    @Option(
            names = "--sample-rate",
            paramLabel = "HERTZ",
            description = "Sample rate in hertz to which sounds are resampled. Default: ${DEFAULT-VALUE}",
            defaultValue = "16000")
    int sampleRate;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description =
                    "Duration of the sounds that the model reads; longer ones are truncated, shorter ones padded with silence."
                            + " Default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    double seconds;

    @Option(
            names = "--bins",
            paramLabel = "N",
            description = "Mel bins per frame. Default: ${DEFAULT-VALUE}",
            defaultValue = "40")
    int bins;

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
        return options.run(
                () -> Sounds.of(train, new Sounds.Sizes(sampleRate, seconds, bins, width, blocks), options.seed));
    }
}
