package io.headwater.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TensorInput;
import io.headwater.config.TextInput;
import io.headwater.domain.Digest;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaseModelDigestTest {
    private static final ModelFile FILE = new ModelFile("/m/file", Digest.of(new byte[1]));

    @Test
    void shouldKeepTheNamesThatEarlierReleasesGave() {
        assertThat(BaseModelDigest.digest(BaseModelFile.builtIn("minilm")))
                .hasToString("sha256:8f2e9c3cd4e8cf5758cec69aaf6f16a5178f18a9dee17f104edf5a9479b9ce95");
    }

    @Test
    void shouldGiveAnotherNameForWhatChangesFeatures() {
        List<BaseModelManifest> different = List.of(
                manifest(text("", List.of()), List.of()),
                manifest(text("positions", List.of()), List.of()),
                manifest(text("positions", List.of("past")), List.of()),
                manifest(text("", List.of("past")), List.of()),
                manifest(text("", List.of()), List.of(FILE)),
                manifest(new TensorInput("x", List.of(2, 3), List.of()), List.of()),
                manifest(new TensorInput("x", List.of(3, 2), List.of()), List.of()),
                manifest(new TensorInput("y", List.of(3, 2), List.of()), List.of()),
                manifest(new TensorInput("x", List.of(3, 2), List.of("z")), List.of()));

        assertThat(different).extracting(BaseModelDigest::digest).doesNotHaveDuplicates();
    }

    @Test
    void shouldLeaveOutWhatIsSaidOfTheModelOnly() {
        BaseModelManifest plain = manifest(text("", List.of()), List.of());
        BaseModelManifest described = new BaseModelManifest(
                "a",
                "b",
                "bert",
                plain.model(),
                List.of(),
                plain.input(),
                plain.cut(),
                List.of("block"),
                plain.pooling(),
                false);

        assertThat(BaseModelDigest.digest(described)).isEqualTo(BaseModelDigest.digest(plain));
    }

    private static TextInput text(String positions, List<String> past) {
        return new TextInput(FILE, 8, "ids", "", "", positions, past);
    }

    private static BaseModelManifest manifest(BaseModelInput input, List<ModelFile> files) {
        return new BaseModelManifest("m", "none", "", FILE, files, input, "cut", List.of(), Pooling.NONE, false);
    }
}
