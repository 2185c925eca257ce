package io.headwater.engine.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RulesTest {
    private static final Path TESTS = Path.of("src/test/java/io/headwater/engine/gradient");

    @Test
    void shouldHaveATestThatNamesEachOperatorWithARule() throws IOException {
        StringBuilder tests = new StringBuilder();
        List<Path> files;
        try (Stream<Path> listed = Files.list(TESTS)) {
            files = listed.filter(file -> file.toString().endsWith("RulesTest.java")
                            || file.toString().endsWith("RuleTest.java"))
                    .toList();
        }
        for (Path file : files) {
            tests.append(Files.readString(file));
        }

        assertThat(GradientRules.operators())
                .allSatisfy(operator -> assertThat(tests)
                        .as("tests of the rules")
                        .contains("\"" + operator.substring(operator.indexOf(':') + 1) + "\""));
    }
}
