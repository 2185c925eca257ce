package io.headwater.config;

import static io.headwater.config.key.TextTypes.digest;
import static io.headwater.config.key.TextTypes.text;

import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.Location;
import io.headwater.domain.Digest;
import java.util.List;

/**
 * Frames that another ONNX model computes from the samples.
 *
 * @param form layout of the bins in a window
 * @param file the ONNX file
 * @param input its float32 input [batch, samples]
 * @param output its tensor [batch, frames, bins], with any further axes of size 1
 */
public record Stage(FrameForm form, ModelFile file, String input, String output) implements WindowContent {
    private static final KeyTableBuilder<Stage> KEYS = KeyTable.builder();

    static final Key<Location> LOCATION = KEYS.required(
            "input.stage.location",
            Location.TYPE,
            stage -> new Location(stage.file.location()),
            "the ONNX file of the front end");
    static final Key<Digest> DIGEST = KEYS.required(
            "input.stage.digest", digest(), stage -> stage.file.digest(), "verified before the file is used");
    static final Key<String> INPUT = KEYS.required(
            "input.stage.input",
            text(ManifestTypes.MAX_NAME),
            Stage::input,
            "name of its only input, float32 [batch, samples]");
    static final Key<String> OUTPUT = KEYS.required(
            "input.stage.output",
            text(ManifestTypes.MAX_NAME),
            Stage::output,
            "name of its output, [batch, frames, bins], with any further axes of size 1");

    /** The keys of this record except those of {@code form}. */
    static final KeyTable<Stage> TABLE = KEYS.rule(
                    values -> ManifestTypes.unresolved(values, LOCATION, values.get(LOCATION)))
            .build(values -> new Stage(
                    FrameForm.TABLE.from(values),
                    ManifestTypes.file(values, LOCATION, DIGEST),
                    values.get(INPUT),
                    values.get(OUTPUT)));

    public Stage {
        INPUT.check(input);
        OUTPUT.check(output);
    }

    @Override
    public ContentKind kind() {
        return ContentKind.STAGE;
    }

    @Override
    public List<Integer> shape(int size) {
        return form.shape(size);
    }
}
