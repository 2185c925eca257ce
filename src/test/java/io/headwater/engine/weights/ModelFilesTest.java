package io.headwater.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.engine.TestModels;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {
    private static final byte[] BYTES = {1, 2, 3};

    @TempDir
    private Path folder;

    @Test
    void shouldReadAFileWithTheRightDigest() {
        assertThat(ModelFiles.read(TestModels.write(folder, BYTES), 3)).isEqualTo(BYTES);
    }

    @Test
    void shouldReadFromTheClasspath() {
        ModelFile file = TestModels.miniLmInput(8).tokenizer();

        assertThat(ModelFiles.read(file, 1 << 20)).hasSize(742346);
    }

    @Test
    void shouldRejectAnotherDigest() {
        ModelFile written = TestModels.write(folder, BYTES);

        assertRejected(
                new ModelFile(written.location(), Digest.of(new byte[0])),
                3,
                Digest.of(BYTES).toString());
    }

    @Test
    void shouldRejectAFileThatIsTooLargeUnread() {
        assertRejected(TestModels.write(folder, BYTES), 2, "at most 2 bytes, but has 3");
        assertRejected(TestModels.miniLm().model(), 1000, "at most 1000 bytes, but has 90984153");
    }

    @Test
    void shouldRejectMissingFiles() {
        Digest any = Digest.of(BYTES);
        assertRejected(new ModelFile(folder.resolve("none").toString(), any), 3, "no such file");
        assertRejected(new ModelFile(folder.toString(), any), 3, "no such file");
        assertRejected(new ModelFile("classpath:none", any), 3, "no such resource");
    }

    private static void assertRejected(ModelFile file, int maxBytes, String why) {
        assertThatThrownBy(() -> ModelFiles.read(file, maxBytes))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining(file.location())
                .hasMessageContaining(why);
    }
}
