package io.headwater.cli.models;

import io.headwater.cli.console.HelpOption;
import io.headwater.cli.console.Output;
import io.headwater.engine.inspect.ManifestDraft;
import io.headwater.engine.inspect.ModelInspection;
import io.headwater.ops.BaseModels;
import io.headwater.ops.UsableModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
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

    @Parameters(paramLabel = "FILE", description = "The model: an ONNX file, a Keras .h5 file or a Deeplearning4j zip.")
    Path file;

    @Option(
            names = "--manifest",
            paramLabel = "OUT",
            description = "Write a draft of the manifest to this new file; its comments mark what to correct.")
    @Nullable
    Path manifest;

    @Mixin
    ImageSize image;

    @Override
    public Integer call() throws Exception {
        try (UsableModel usable = UsableModel.of(file, image.size())) {
            ModelInspection model = usable.inspection();
            if (manifest != null) {
                if (usable.temporary() != null) {
                    throw new IllegalArgumentException("a draft for '" + file
                            + "' needs the file that it is converted to; 'headwater models add' makes both");
                }
                write(model, manifest.toAbsolutePath());
            }
            output.print(model, () -> print(model));
            return 0;
        }
    }

    private void write(ModelInspection model, Path path) throws Exception {
        ManifestDraft draft = BaseModels.draft(file, model, null, null, null);
        Path folder = path.getParent();
        String yaml = draft.yaml(folder == null ? path : folder);
        try {
            Files.write(path, yaml.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new IllegalArgumentException(
                    "--manifest must name a new file, but '" + path + "' is there already; name another", e);
        }
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
