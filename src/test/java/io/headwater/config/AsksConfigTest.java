package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.ask.AsksConfig;
import io.headwater.config.ask.AsksConfig.Strategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsksConfigTest {
    private static final String CLASSES = "name: reviews\ntask: text-classification\nbase: minilm\n";
    private static final String NUMBERS = "name: reviews\ntask: regression\nbase: minilm\nlabels: [stars]\n";

    private static AsksConfig asks(String yaml) {
        return AdaptationFile.parse("a.yaml", yaml).asks();
    }

    @Test
    void shouldAskNobodyUnlessThereIsABudget() {
        assertThat(asks(CLASSES).isOn()).isFalse();
        assertThat(asks(CLASSES + "asks: {strategy: random}\n").isOn()).isFalse();
        assertThat(asks(CLASSES + "asks: {share: 0.1}\n").isOn()).isTrue();
        assertThat(asks(CLASSES + "asks: {per-day: 50, strategy: margin-density, floor: 0.5}\n"))
                .isEqualTo(new AsksConfig(Strategy.MARGIN_DENSITY, 0, 50, 0.5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"share: 1.5", "share: -1", "per-day: -1", "floor: 0", "floor: 2", "strategy: hardest"})
    void shouldRefuseWhatIsNoBudget(String line) {
        assertThatThrownBy(() -> asks(CLASSES + "asks:\n  " + line + "\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("asks." + line.substring(0, line.indexOf(':')));
    }

    @Test
    void shouldRefuseToReadProbabilitiesOfATaskThatHasNone() {
        assertThatThrownBy(() -> asks(NUMBERS + "asks: {share: 0.1, strategy: margin}\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("asks.strategy must be random or density with task regression")
                .hasMessageContaining("is margin; set it");
        assertThat(asks(NUMBERS + "asks: {share: 0.1, strategy: density}\n").isOn())
                .isTrue();
        assertThat(asks(NUMBERS).isOn()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CLASSES + "head: {hidden: 8}\n",
                CLASSES + "head: {learns: gradient}\n",
                "name: tags\ntask: multi-label-classification\nbase: minilm\nlabels: [a, b]\n",
                "name: tags\ntask: token-classification\nbase: minilm\nlabels: [O, B-PER]\n"
            })
    void shouldRefuseToCompareContendersWhereThereAreNot(String adaptation) {
        String disagreement = "asks: {share: 0.1, strategy: disagreement}\n";

        assertThat(asks(CLASSES + disagreement).strategy()).isEqualTo(Strategy.DISAGREEMENT);
        assertThatThrownBy(() -> asks(adaptation + disagreement))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("asks.strategy must be another one with task ")
                .hasMessageContaining("is disagreement; set it");
    }
}
