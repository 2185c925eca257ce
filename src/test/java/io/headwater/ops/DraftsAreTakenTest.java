package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.ModelsFolder;
import io.headwater.engine.StrangeModels;
import io.headwater.engine.StrangeModels.Body;
import io.headwater.engine.StrangeModels.End;
import io.headwater.engine.StrangeModels.Form;
import io.headwater.engine.inspect.ManifestDraft;
import io.headwater.ops.BaseModels.Verified;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A draft that {@code models inspect} makes is one that {@code models add} takes. */
class DraftsAreTakenTest {

    @Property(tries = 100)
    void shouldAddEveryModelWithItsDraft(@ForAll("forms") Form form) throws Exception {
        Path folder = Files.createTempDirectory("drafts");
        try {
            Path file = Files.write(folder.resolve("stranger.onnx"), StrangeModels.of(form));
            Path tokenizer = tokenizer(folder);
            try (UsableModel model = UsableModel.of(file, null)) {
                assertThat(model.inspection().fault()).isEmpty();
                ManifestDraft draft = BaseModels.draft(file, model.inspection(), "stranger", "none", tokenizer);

                Verified added =
                        new BaseModels(new ModelsFolder(folder.resolve("models"))).add(draft.manifest(), draft.notes());

                assertThat(added.features()).isPositive();
                assertThat(added.fault()).isNull();
            }
        } finally {
            delete(folder);
        }
    }

    @Provide
    Arbitrary<Form> forms() {
        return Combinators.combine(
                        Arbitraries.of(Body.class),
                        Arbitraries.of(End.class),
                        Arbitraries.of(0, 1, 4),
                        Arbitraries.of(7, 10, 11, 13, 17, 21),
                        Arbitraries.integers().between(1, 1000),
                        Arbitraries.integers().between(0, 3))
                .as(Form::new);
    }

    /** Writes the tokenizer of the sentence encoder, whose 30,522 words the text models have rows for. */
    private static Path tokenizer(Path folder) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        try (InputStream in = Objects.requireNonNull(
                DraftsAreTakenTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json"))) {
            Files.copy(in, file);
        }
        return file;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
