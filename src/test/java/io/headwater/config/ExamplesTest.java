package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds {@code docs/examples} to the code: an adaptation for each task. */
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("docs/examples");

    @ParameterizedTest
    @EnumSource(TaskKind.class)
    void shouldHaveAnAdaptationThatIsReadForEachTask(TaskKind task) {
        AdaptationConfig example = AdaptationFile.read(EXAMPLES.resolve(task.key() + ".yaml"));

        assertThat(example.task()).isEqualTo(task);
        // Any other base model is the reader's own, added by name or named by its path.
        boolean isOwn = BaseModelFile.isPath(example.base()) || example.base().equals("speech-embedding");
        if (!isOwn) {
            assertThat(BaseModelFile.resolve(example.base())).isNotNull();
        }
    }

    @Test
    void shouldHaveNoOthers() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            assertThat(files.filter(file -> file.toString().endsWith(".yaml"))).hasSize(TaskKind.values().length);
        }
    }
}
