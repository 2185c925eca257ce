package io.headwater.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdaptReportTest {
    @Test
    void shouldSayThatItIsNoBetterThanTheMostFrequentClass() {
        assertThat(report(Map.of("accuracy", 0.415, "majorityAccuracy", 0.44)).remark())
                .hasValueSatisfying(remark -> assertThat(remark).contains("0.4150", "0.4400", "training.unfreeze"));
        assertThat(report(Map.of("accuracy", 0.44, "majorityAccuracy", 0.44)).remark())
                .isPresent();
    }

    @Test
    void shouldSayNothingOfOneThatIsBetterOrWhereThereIsNoSuchClass() {
        assertThat(report(Map.of("accuracy", 0.45, "majorityAccuracy", 0.44)).remark())
                .isEmpty();
        assertThat(report(Map.of("entityF1", 0.0)).remark()).isEmpty();
    }

    private static AdaptReport report(Map<String, Double> metrics) {
        return new AdaptReport(
                "a", "a/data", 1, metrics, 1, 1, 1, 0, "", 0, "", 1, 1, 1, 1, 0, List.of(), 1, 1, "out", Map.of());
    }
}
