package io.headwater.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A fuzz test of one reader. Without {@code JAZZER_FUZZ} in the environment, each seed and each large input is read once;
 * with it, Jazzer changes the seeds and reads the results until its time is over. With the system property {@value #INPUT}, the
 * file that it names takes the place of all of them. What Jazzer finds is put into a folder with the name of the class, in the
 * folder that the system property {@value #FOLDER} names. The name of a subclass must end in {@code Test}, otherwise nothing runs.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ReaderFuzzing {
    private static final String INPUT = "fuzz.input";
    private static final String FOLDER = "fuzz.folder";
    /** Seconds of a processor after which reading is taken to have no end. */
    private static final int ENDLESS = 120;
    /** Nanoseconds of a processor that reading uses in so many seconds, however busy the machine is, if it does not hang. */
    private static final long PROGRESS = 50_000_000;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private @Nullable ExecutorService thread;

    ReaderFuzzing() {
        String folder = System.getProperty(FOLDER);
        if (folder != null) {
            System.setProperty(
                    "jazzer.internal.basedir",
                    Path.of(folder, getClass().getSimpleName()).toString());
        }
    }

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
        return System.getProperty(INPUT) == null ? Stream.concat(seeds(), large()) : given();
    }

    Stream<byte[]> fuzzed() {
        return System.getProperty(INPUT) == null ? seeds() : given();
    }

    private static Stream<byte[]> given() {
        try {
            return Stream.of(Files.readAllBytes(Path.of(System.getProperty(INPUT))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("inputs")
    @DisabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = ".+")
    void shouldReadOrRefuseKnownBytesWithinBounds(byte[] bytes) throws Throwable {
        assertThat(bytes).hasSizeLessThanOrEqualTo(ReaderBounds.MAX_INPUT);

        check(bytes);
    }

    @EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = ".+")
    @MethodSource("fuzzed")
    @FuzzTest(maxDuration = "2m")
    void shouldReadOrRefuseAnyBytesWithinBounds(byte[] bytes) throws Throwable {
        if (bytes.length <= ReaderBounds.MAX_INPUT) {
            check(bytes);
        }
    }

    /** Reads on one thread that is used again, because a fuzzer reads thousands of inputs in a second. */
    private void check(byte[] bytes) throws Throwable {
        ExecutorService used = thread == null ? Executors.newSingleThreadExecutor(ReaderFuzzing::daemon) : thread;
        thread = used;
        AtomicLong reader = new AtomicLong();
        Future<?> reading = used.submit(() -> {
            reader.set(Thread.currentThread().getId());
            ReaderBounds.check(bytes, allocated(), this::read);
            return null;
        });
        try {
            await(reading, reader, bytes.length);
        } catch (ExecutionException e) {
            throw e.getCause();
        } catch (AssertionError e) {
            used.shutdownNow();
            thread = null;
            throw e;
        }
    }

    /** Waits as long as reading makes progress, which takes long where many processes share a processor. */
    private static void await(Future<?> reading, AtomicLong reader, int length)
            throws ExecutionException, InterruptedException {
        long begun = processorTime(reader);
        long last = begun;
        while (true) {
            try {
                reading.get(ENDLESS, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException e) {
                long now = processorTime(reader);
                if (now - begun > TimeUnit.SECONDS.toNanos(ENDLESS) || now - last < PROGRESS) {
                    throw new AssertionError("reading %d bytes takes more than %d s".formatted(length, ENDLESS), e);
                }
                last = now;
            }
        }
    }

    private static long processorTime(AtomicLong thread) {
        return thread.get() == 0 ? 0 : Math.max(0, THREADS.getThreadCpuTime(thread.get()));
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "reader");
        thread.setDaemon(true);
        return thread;
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
