package io.headwater.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LineProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long seconds;
    private final LineProgress progress = new LineProgress(
            new PrintStream(bytes, true, StandardCharsets.UTF_8), () -> TimeUnit.SECONDS.toNanos(seconds));

    @Test
    void shouldPrintALineEveryTenSeconds() {
        progress.begin("train", 90);
        for (int unit = 0; unit < 90; unit++) {
            seconds += unit < 60 ? 0 : 1;
            progress.advance(1);
        }
        progress.end();

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "headwater: train: 70 of 90", "headwater: train: 80 of 90", "headwater: train: 90 of 90");
    }

    @Test
    void shouldShowNothingOfAShortPhase() {
        for (int phase = 0; phase < 5; phase++) {
            progress.begin("score", 10);
            seconds += 9;
            progress.advance(10);
            progress.end();
        }

        assertThat(bytes.size()).isZero();
    }
}
