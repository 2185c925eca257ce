package io.headwater.cli.models;

import io.headwater.cli.console.HelpOption;
import io.headwater.cli.console.Output;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.key.KeyText;
import io.headwater.engine.inspect.ModelInspection;
import io.headwater.ops.BaseModels;
import io.headwater.ops.UsableModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headwater models inspect}. */
@Command(
        name = "inspect",
        description = "List inputs, layers and every valid cut of a model, and write a draft of its manifest.")
class ModelsInspectCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    Output output;

    @Mixin
    ModelsOption models;

    @Parameters(
            paramLabel = "MODEL",
            description =
                    "An ONNX file, a folder with one as exporters write it, a Keras .h5 file or a Deeplearning4j zip, or the name"
                            + " of a base model, such as minilm.")
    Path file;

    @Option(
            names = "--manifest",
            paramLabel = "OUT",
            description =
                    "Write a draft of the manifest to this new file; its comments mark what to correct. For the name of a base"
                            + " model, write its manifest.")
    @Nullable
    Path manifest;

    @Mixin
    ImageSize image;

    @Override
    public Integer call() throws Exception {
        Optional<BaseModelManifest> named =
                Files.isRegularFile(file) ? Optional.empty() : models.models().find(file.toString());
        if (named.isEmpty() && !Files.exists(file)) {
            throw new IllegalArgumentException("file or base model '" + file
                    + "' does not exist; name a file, or one of the base models that 'headwater models list' lists");
        }
        if (named.isEmpty()) {
            file = UsableModel.file(file);
        }
        try (UsableModel usable =
                named.isPresent() ? UsableModel.of(named.get()) : UsableModel.of(file, image.size())) {
            ModelInspection model = usable.inspection();
            if (manifest != null) {
                write(manifest.toAbsolutePath(), named, usable);
            }
            output.print(model, () -> {
                named.ifPresent(this::print);
                print(model);
            });
            return 0;
        }
    }

    private void write(Path path, Optional<BaseModelManifest> named, UsableModel usable) throws IOException {
        Path parent = path.getParent();
        Path folder = parent == null ? path : parent;
        String yaml;
        if (named.isPresent()) {
            yaml = BaseModelFile.write(named.get(), folder, Map.of());
        } else if (usable.temporary() != null) {
            throw new IllegalArgumentException("a draft for '" + file
                    + "' needs the file that it is converted to; 'headwater models add' makes both");
        } else {
            yaml = BaseModels.draft(file, usable.inspection(), null, null, null).yaml(folder);
        }
        try {
            Files.write(path, yaml.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new IllegalArgumentException(
                    "--manifest must name a new file, but '" + path + "' is there already; name another", e);
        }
    }

    private void print(BaseModelManifest named) {
        output.line("%-12s %s, %s", "base model", named.name(), named.licence());
        output.line("%-12s %s, pooling %s", "its cut", named.cut(), KeyText.kebab(named.pooling()));
    }

    private void print(ModelInspection model) {
        output.line(
                "%-12s %s%s, family %s (guessed)",
                "format", model.format(), model.opset() == 0 ? "" : ", opset " + model.opset(), model.family());
        output.line("%-12s %,d", "parameters", model.parameters());
        model.inputs()
                .forEach(input -> output.line(
                        "%-12s %s %s %s: %s", "input", input.name(), input.type(), shape(input.shape()), input.role()));
        model.outputs()
                .forEach(
                        each -> output.line("%-12s %s %s %s", "output", each.name(), each.type(), shape(each.shape())));
        output.line(
                "%-12s %s",
                "operators",
                model.operators().entrySet().stream()
                        .map(operator -> operator.getKey() + " " + operator.getValue())
                        .collect(Collectors.joining(", ")));
        output.line("%-12s %s, pooling %s", "features", model.feature(), model.pooling());
        if (!model.fault().isEmpty()) {
            output.line("%-12s %s", "not usable", model.fault());
        }
        output.line("");
        output.line("blocks below the features, from the top down");
        model.blocks()
                .forEach(block -> output.line(
                        "  %,12d  %s%s%s",
                        block.parameters(),
                        block.name(),
                        block.cut().isEmpty() ? "" : ", above " + block.cut(),
                        block.fault().isEmpty() ? "" : ": never trained, because " + block.fault()));
        output.line("");
        output.line("cuts, from the inputs to the output, with the share of parameters above");
        model.cuts()
                .forEach(cut ->
                        output.line("  %6.2f %%  %s %s", 100 * cut.shareAbove(), cut.name(), shape(cut.shape())));
    }

    private static String shape(List<Object> shape) {
        return shape.isEmpty() ? "[?]" : shape.toString();
    }
}
