package io.headwater.cli.models;

import io.headwater.config.ModelsFolder;
import io.headwater.ops.BaseModels;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Option for the folder of base models. */
class ModelsOption {
    @Option(
            names = "--models",
            paramLabel = "DIR",
            description = "Folder of the base models. Default: $HEADWATER_MODELS, or .headwater/models.")
    @Nullable
    Path given;

    BaseModels models() {
        return new BaseModels(folder());
    }

    ModelsFolder folder() {
        return given == null ? ModelsFolder.configured() : new ModelsFolder(given);
    }
}
