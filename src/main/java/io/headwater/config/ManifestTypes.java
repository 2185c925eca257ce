package io.headwater.config;

import static io.headwater.config.key.TextTypes.text;

import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.key.Breach;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyText;
import io.headwater.config.key.KeyValues;
import io.headwater.config.key.ListType;
import io.headwater.config.key.Location;
import io.headwater.domain.Digest;
import java.util.List;

/** What several keys of a base model's manifest share. */
final class ManifestTypes {
    /** As many numbers as the largest record can hold by default. */
    static final int MAX_VALUES = 4 << 20;

    /** The longest name of a tensor, in characters. */
    static final int MAX_NAME = 1000;

    /** Names of tensors. */
    static final ListType<String> NAMES =
            ListType.of("a list of names, none twice, each 1 to 1000 printable characters", text(MAX_NAME));

    private ManifestTypes() {}

    /** The file of the two keys. */
    static ModelFile file(KeyValues values, Key<Location> location, Key<Digest> digest) {
        return new ModelFile(values.locate(location, values.get(location)).text(), values.get(digest));
    }

    /** What is wrong with a location that {@code key} has. */
    static List<Breach> unresolved(KeyValues values, Key<?> key, Location location) {
        return values.resolve(location).isPresent()
                ? List.of()
                : List.of(new Breach(
                        key,
                        key.path() + " must be " + Location.TYPE.rule() + ", but is '" + KeyText.shown(location.text())
                                + "'"));
    }
}
