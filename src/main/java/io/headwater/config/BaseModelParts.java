package io.headwater.config;

import io.headwater.config.BaseModelKeys.InputType;
import io.headwater.config.BaseModelKeys.WrittenFile;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.ImageInput.Channels;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.domain.Digest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parts of a base model's manifest; a part is empty when a fault of it was noted.
 *
 * @param folder of the manifest; null when it has none
 */
record BaseModelParts(YamlValues values, @Nullable Path folder) {

    Optional<ModelFile> file(ScalarKey<String> locationKey, ScalarKey<Digest> digestKey) {
        Optional<String> written = values.require(locationKey);
        Optional<String> location = written.flatMap(text -> location(locationKey, text));
        Optional<Digest> digest = values.require(digestKey);
        return location.flatMap(found -> digest.map(known -> new ModelFile(found, known)));
    }

    List<ModelFile> files() {
        List<ModelFile> files = new ArrayList<>();
        for (WrittenFile written : values.get(BaseModelKeys.MODEL_FILES, List.of())) {
            location(BaseModelKeys.MODEL_FILES, written.location())
                    .ifPresent(found -> files.add(new ModelFile(found, written.digest())));
        }
        return files;
    }

    private Optional<String> location(Key<?> key, String written) {
        Optional<String> location = Locations.resolve(written, folder);
        if (location.isEmpty()) {
            values.fault(
                    key,
                    key.path() + " must be " + BaseModelKeys.MODEL_LOCATION.rule() + ", but is '" + Texts.shown(written)
                            + "'");
        }
        return location;
    }

    Optional<BaseModelInput> input(InputType type) {
        return switch (type) {
            case TEXT -> text();
            case IMAGE -> image();
            case TENSOR -> tensor();
            case AUDIO -> new AudioParts(this).input();
        };
    }

    private Optional<BaseModelInput> text() {
        Optional<ModelFile> tokenizer = file(BaseModelKeys.TOKENIZER_LOCATION, BaseModelKeys.TOKENIZER_DIGEST);
        Optional<Integer> maxTokens = values.require(BaseModelKeys.MAX_TOKENS);
        Optional<String> ids = values.require(BaseModelKeys.IDS);
        String mask = values.get(BaseModelKeys.MASK, "");
        String types = values.get(BaseModelKeys.TYPES, "");
        String positions = values.get(BaseModelKeys.POSITIONS, "");
        List<String> past = values.get(BaseModelKeys.PAST, List.of());
        return Stream.of(tokenizer, maxTokens, ids).allMatch(Optional::isPresent)
                ? Optional.of(new TextInput(
                        tokenizer.orElseThrow(),
                        maxTokens.orElseThrow(),
                        ids.orElseThrow(),
                        mask,
                        types,
                        positions,
                        past))
                : Optional.empty();
    }

    private Optional<BaseModelInput> tensor() {
        Optional<String> name = values.require(BaseModelKeys.INPUT);
        Optional<List<Integer>> shape = values.require(BaseModelKeys.SHAPE);
        List<String> zeros = values.get(BaseModelKeys.ZEROS, List.of());
        Optional<String> fault = shape.flatMap(BaseModelKeys::tooManyValues);
        fault.ifPresent(message -> values.fault(BaseModelKeys.SHAPE, message));
        return name.isPresent() && shape.isPresent() && fault.isEmpty()
                ? Optional.of(new TensorInput(name.get(), shape.get(), zeros))
                : Optional.empty();
    }

    private Optional<BaseModelInput> image() {
        Optional<String> name = values.require(BaseModelKeys.INPUT);
        Optional<Integer> width = values.require(BaseModelKeys.WIDTH);
        Optional<Integer> height = values.require(BaseModelKeys.HEIGHT);
        Optional<ImageLayout> layout = values.require(BaseModelKeys.LAYOUT);
        Optional<Channels> channels = values.require(BaseModelKeys.CHANNELS);
        Optional<List<Double>> mean = values.require(BaseModelKeys.MEAN);
        Optional<List<Double>> scale = values.require(BaseModelKeys.SCALE);
        return Stream.of(name, width, height, layout, channels, mean, scale).allMatch(Optional::isPresent)
                ? Optional.of(new ImageInput(
                        name.orElseThrow(),
                        width.orElseThrow(),
                        height.orElseThrow(),
                        layout.orElseThrow(),
                        channels.orElseThrow(),
                        mean.orElseThrow(),
                        scale.orElseThrow()))
                : Optional.empty();
    }
}
