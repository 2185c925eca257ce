package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds what is made of configuration files to what was recorded of many: the digest of the canonical text of each
 * adaptation, which published versions name in their lineage, the text that each manifest is written as, and the faults of
 * each file that cannot be used. {@code -Dheadwater.write=true} records anew, which is right only after a key was added or
 * the text of a fault was changed on purpose.
 */
class RecordedConfigurationsTest {
    private static final Path RECORDS = Path.of("src/test/resources/configurations");
    private static final String BETWEEN_CASES = "\n=====\n";
    private static final String BEFORE_RESULT = "\n-----\n";
    private static final Map<String, String> NOTES = Map.of("cut", "the last one", "labels", "a place");

    @ParameterizedTest
    @ValueSource(strings = {"adaptations", "adaptation-faults", "manifests", "manifest-faults"})
    void shouldMakeOfEachFileWhatWasRecorded(String name) throws IOException {
        UnaryOperator<String> result = name.startsWith("adaptation")
                ? RecordedConfigurationsTest::adaptation
                : RecordedConfigurationsTest::manifest;
        Path file = RECORDS.resolve(name + ".txt");
        String recorded = Files.readString(file);

        List<String> cases = List.of(recorded.stripTrailing().split(BETWEEN_CASES));
        UnaryOperator<String> again = one -> yaml(one) + BEFORE_RESULT + result.apply(yaml(one));

        if (Boolean.getBoolean("headwater.write")) {
            Files.writeString(file, cases.stream().map(again).collect(Collectors.joining(BETWEEN_CASES, "", "\n")));
        }
        assertThat(cases)
                .isNotEmpty()
                .allSatisfy(one -> assertThat(again.apply(one)).isEqualTo(one));
    }

    private static String yaml(String one) {
        return one.substring(0, one.indexOf(BEFORE_RESULT));
    }

    private static String adaptation(String yaml) {
        try {
            String canonical = AdaptationFile.canonical(AdaptationFile.parse("x", yaml));
            return Digest.of(canonical.getBytes(StandardCharsets.UTF_8)).toString();
        } catch (ConfigurationException e) {
            return faults(e);
        }
    }

    private static String manifest(String yaml) {
        try {
            return BaseModelFile.write(BaseModelFile.parse("x", yaml), Path.of("/m"), NOTES)
                    .stripTrailing();
        } catch (ConfigurationException e) {
            return faults(e);
        }
    }

    private static String faults(ConfigurationException e) {
        return e.faults().stream()
                .map(fault -> fault.line() + ": " + fault.message())
                .collect(Collectors.joining("\n"));
    }
}
