package io.headwater.config;

import io.headwater.config.BaseModelKeys.InputType;
import io.headwater.config.BaseModelManifest.Channels;
import io.headwater.config.BaseModelManifest.ImageInput;
import io.headwater.config.BaseModelManifest.Input;
import io.headwater.config.BaseModelManifest.Layout;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.TextInput;
import io.headwater.domain.Digest;
import java.nio.file.Path;
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
        Optional<String> location = written.flatMap(text -> Locations.resolve(text, folder));
        if (written.isPresent() && location.isEmpty()) {
            values.fault(locationKey, locationKey.broken(written.get()));
        }
        Optional<Digest> digest = values.require(digestKey);
        return location.flatMap(found -> digest.map(known -> new ModelFile(found, known)));
    }

    Optional<Input> input(InputType type) {
        return switch (type) {
            case TEXT -> text();
            case IMAGE -> image();
        };
    }

    private Optional<Input> text() {
        Optional<ModelFile> tokenizer = file(BaseModelKeys.TOKENIZER_LOCATION, BaseModelKeys.TOKENIZER_DIGEST);
        Optional<Integer> maxTokens = values.require(BaseModelKeys.MAX_TOKENS);
        Optional<String> ids = values.require(BaseModelKeys.IDS);
        Optional<String> mask = values.require(BaseModelKeys.MASK);
        String types = values.get(BaseModelKeys.TYPES, "");
        return Stream.of(tokenizer, maxTokens, ids, mask).allMatch(Optional::isPresent)
                ? Optional.of(new TextInput(
                        tokenizer.orElseThrow(), maxTokens.orElseThrow(), ids.orElseThrow(), mask.orElseThrow(), types))
                : Optional.empty();
    }

    private Optional<Input> image() {
        Optional<String> name = values.require(BaseModelKeys.IMAGE);
        Optional<Integer> width = values.require(BaseModelKeys.WIDTH);
        Optional<Integer> height = values.require(BaseModelKeys.HEIGHT);
        Optional<Layout> layout = values.require(BaseModelKeys.LAYOUT);
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
