package io.headwater.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.standalone.LateReport;
import io.headwater.standalone.LateReport.DomainReport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateTableTest {
    @Test
    void shouldFitAUsualTerminal() {
        LateReport report = new LateReport(
                "demo",
                List.of(
                        new DomainReport("hotel", 360, 34, 1, 0.469, 0.7, 1),
                        new DomainReport("clinic", 360, 33, 0.31, 0.469, 0.7, 0.9)),
                120,
                5,
                60,
                67,
                123,
                530,
                300,
                0,
                231.4);

        List<String> lines = LateTable.of(report, Path.of("/tmp/demo"));

        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThan(80));
        assertThat(lines.get(2)).isEqualTo("hotel              100.0%      46.9%         70.0%       100.0%       34");
        assertThat(lines)
                .contains("67 requests were joined with a label that came 120 s later; of the")
                .contains("others, the time of 123 is over, and 530 are still open.")
                .last()
                .isEqualTo("/tmp/demo");
    }
}
