package io.headwater.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.adapt.LaneFiles.Kind;
import io.headwater.config.ConfigurationException;
import io.headwater.domain.ArtifactException;
import io.headwater.testing.DamagedFiles;
import io.headwater.testing.DamagedFiles.Damaged;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests that files of lanes are read or refused, whatever in them is damaged. */
class DamagedLaneFilesTest {
    @Test
    void shouldReadOrRefuseAFileThatIsDamagedAnywhere() {
        Set<String> names = new HashSet<>();
        List<String> failed = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            byte[] valid = LaneFiles.write(kind);
            LaneFiles.read(kind, valid);
            for (Damaged one : DamagedFiles.of(valid, names)) {
                try {
                    LaneFiles.read(kind, one.file());
                } catch (ArtifactException | ConfigurationException refused) {
                    assertThat(refused.getMessage()).doesNotEndWith(" null");
                } catch (RuntimeException | Error e) {
                    failed.add("%s, %s: %s at %s".formatted(kind, one.damage(), e, List.of(e.getStackTrace())));
                }
            }
        }

        assertThat(names).hasSizeGreaterThan(100);
        assertThat(failed).isEmpty();
    }
}
