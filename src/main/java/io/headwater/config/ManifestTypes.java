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

/** Value types and helpers that several keys of a base-model manifest share. */
final class ManifestTypes {
    /** The number of float32 values that fit into the largest record that is allowed by default. */
    static final int MAX_VALUES = 4 << 20;

    /** The maximum length of a tensor name, in characters. */
    static final int MAX_NAME = 1000;

    /** A list of tensor names. */
    static final ListType<String> NAMES =
            ListType.of("a list of names, none twice, each 1 to 1000 printable characters", text(MAX_NAME));

    private ManifestTypes() {}

    /** Returns the file whose location and digest the two keys have. */
    static ModelFile file(KeyValues values, Key<Location> location, Key<Digest> digest) {
        return new ModelFile(values.locate(location, values.get(location)).text(), values.get(digest));
    }

    /** Returns the faults of the location that {@code key} has. */
    static List<Breach> unresolved(KeyValues values, Key<?> key, Location location) {
        return values.resolve(location).isPresent()
                ? List.of()
                : List.of(new Breach(
                        key,
                        key.path() + " must be " + Location.TYPE.rule() + ", but is '" + KeyText.shown(location.text())
                                + "'"));
    }
}
