package io.headwater.cli.models;

import io.headwater.cli.console.HelpOption;
import io.headwater.cli.console.Output;
import io.headwater.cli.console.Remarks;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.engine.inspect.ManifestDraft;
import io.headwater.ops.BaseModels;
import io.headwater.ops.BaseModels.Verified;
import io.headwater.ops.UsableModel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code headwater models add}. */
@Command(
        name = "add",
        description = "Copy a model and its manifest to the models folder, where 'base: NAME' finds it, and verify it.")
class ModelsAddCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    Output output;

    @Mixin
    ModelsOption models;

    @Parameters(
            paramLabel = "FILE",
            description =
                    "The model: an ONNX file, a folder with one as exporters write it, a Keras .h5 file or a Deeplearning4j"
                            + " zip; the latter two are converted.")
    Path file;

    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description = "The name by which adaptations refer to the model.")
    String name;

    @Option(
            names = "--manifest",
            paramLabel = "FILE",
            description = "The manifest. Default: a draft that is derived from the file.")
    @Nullable
    Path manifest;

    @Option(
            names = "--licence",
            paramLabel = "TEXT",
            description = "SPDX identifier of the licence, or its description.")
    @Nullable
    String licence;

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            description =
                    "The tokenizer.json of a text model, for the draft. Default: the one in the folder of the model.")
    @Nullable
    Path tokenizer;

    @Mixin
    ImageSize image;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        file = UsableModel.file(file);
        try (UsableModel model = UsableModel.of(file, image.size())) {
            return add(model);
        }
    }

    private int add(UsableModel model) throws Exception {
        BaseModelManifest described;
        Map<String, String> notes = Map.of();
        if (manifest == null) {
            ManifestDraft draft = BaseModels.draft(model.file(), model.inspection(), name, licence, tokenizer);
            described = draft.manifest();
            notes = draft.notes();
        } else {
            described = given(manifest, model);
        }
        Map<String, String> toCorrect = notes;
        Verified added = models.models().add(described, notes);
        String file = models.folder().manifest(name).toString();
        output.print(Map.of("added", added, "manifest", file, "correct", toCorrect), () -> {
            output.line("added %s: %s", added.name(), added.summary());
            output.line("use it with 'base: %s'", added.name());
        });
        if (!toCorrect.isEmpty()) {
            Remarks.print(
                    "the manifest '%s' was drafted; correct %s in it before it is used, and try it with 'headwater models"
                            + " verify %s'",
                    file, String.join(", ", toCorrect.keySet().stream().sorted().toList()), name);
        }
        return 0;
    }

    private BaseModelManifest given(Path path, UsableModel usable) {
        if (tokenizer != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--tokenizer is for a draft, but --manifest names the tokenizer; leave one out");
        }
        BaseModelManifest read = BaseModelFile.read(path);
        Path model = file.toAbsolutePath().normalize();
        if (!read.model().location().equals(model.toString())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--manifest must be of the model '" + model + "', but is of '"
                            + read.model().location() + "'; correct model.location");
        }
        return BaseModels.renamed(usable.described(read), name, licence);
    }
}
