package io.headwater.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A fuzz test of one reader. Without {@code JAZZER_FUZZ} in the environment, each seed and each large input is read once;
 * with it, Jazzer changes the seeds and reads the results until its time is over. The name of a subclass must end in
 * {@code Test}, otherwise nothing runs.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ReaderFuzzing {
    private static final Duration ENDLESS = Duration.ofSeconds(30);

    /** Small inputs: files that are read, and those that once violated the rule. The former are changed by the fuzzer. */
    abstract Stream<byte[]> seeds();

    /** Inputs of up to 1 MB that take the most memory or time; they are not changed. */
    Stream<byte[]> large() {
        return Stream.empty();
    }

    /** Reads {@code bytes}; returns normally also when they are refused as documented. */
    abstract void read(byte[] bytes) throws IOException;

    /**
     * The most bytes that reading one input may allocate. What is held at one time is less; {@code .ci/fuzz} bounds it by a
     * small heap.
     */
    long allocated() {
        return 200_000_000;
    }

    Stream<byte[]> inputs() {
        return Stream.concat(seeds(), large());
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("inputs")
    @DisabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = ".+")
    void shouldReadOrRefuseKnownBytesWithinBounds(byte[] bytes) {
        assertThat(bytes).hasSizeLessThanOrEqualTo(ReaderBounds.MAX_INPUT);

        check(bytes);
    }

    @EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = ".+")
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "2m")
    void shouldReadOrRefuseAnyBytesWithinBounds(byte[] bytes) {
        if (bytes.length <= ReaderBounds.MAX_INPUT) {
            check(bytes);
        }
    }

    private void check(byte[] bytes) {
        assertTimeoutPreemptively(ENDLESS, () -> ReaderBounds.check(bytes, allocated(), this::read));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Repeats {@code part} as often as it fits into the largest input. */
    static byte[] repeated(String begin, String part, String end) {
        int times = (ReaderBounds.MAX_INPUT - utf8(begin + end).length) / utf8(part).length;
        return utf8(begin + part.repeat(times) + end);
    }
}
