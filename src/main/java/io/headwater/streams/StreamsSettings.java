package io.headwater.streams;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Settings of the role {@code streams}.
 *
 * @param folder folder of the state, on a local disk; what is lost there is restored from the changelogs
 * @param threads number of threads, at least 1; no more than there are partitions have work
 * @param standbys number of copies of the state that other processes keep, from 0
 * @param patience how long a request waits for its label, positive
 * @param early how long a label waits for its request, positive
 * @param window length of the periods that are evaluated, and half-life of the faded evaluation, positive
 * @param settling how much real time labels have for their way to the partition of their request before something is due, not negative
 */
public record StreamsSettings(
        Path folder, int threads, int standbys, Duration patience, Duration early, Duration window, Duration settling) {
    /** How long a request waits for its label by default. */
    public static final Duration USUAL_WAIT = Duration.ofDays(7);
    /** How long a label waits for its request by default. */
    public static final Duration USUAL_EARLY = Duration.ofHours(1);
    /** The default length of the periods that are evaluated. */
    public static final Duration USUAL_WINDOW = Duration.ofHours(1);

    /** Creates settings with the usual time to settle. */
    public StreamsSettings(Path folder, int threads, int standbys, Duration patience, Duration early, Duration window) {
        this(folder, threads, standbys, patience, early, window, SettledTime.SETTLING);
    }

    /** Returns the default settings with the state in {@code folder}. */
    public static StreamsSettings in(Path folder) {
        return new StreamsSettings(folder, 1, 0, USUAL_WAIT, USUAL_EARLY, USUAL_WINDOW);
    }
}
