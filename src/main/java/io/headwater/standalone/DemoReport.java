package io.headwater.standalone;

import java.util.List;

/**
 * What the demo showed; the object that {@code demo --json} ends with. All accuracies are those of the predictor's own
 * answers, each given before its label was known to anything.
 *
 * @param adaptation name of the adaptation
 * @param domains in the order of the stream
 * @param versions published
 * @param samples learned
 * @param deadLetters records that could not be used
 * @param seconds from the start of the broker to the last commit
 */
public record DemoReport(
        String adaptation, List<DomainReport> domains, int versions, int samples, int deadLetters, double seconds) {
    public DemoReport {
        domains = List.copyOf(domains);
    }

    /**
     * One domain.
     *
     * @param domain its name
     * @param shifted whether it came after the model had settled on the source domain
     * @param accuracyBeforeShift on the last answers in the source domain
     * @param accuracyAtShift on the first answers in this domain
     * @param accuracyAfterAdaptation on the last answers in this domain
     * @param accuracyUnadapted of the head with which this domain began, on those same last records; for the source domain,
     *     which began untrained, that of always saying the first class
     * @param versions published in this domain
     * @param samples answered in this domain
     */
    public record DomainReport(
            String domain,
            boolean shifted,
            double accuracyBeforeShift,
            double accuracyAtShift,
            double accuracyAfterAdaptation,
            double accuracyUnadapted,
            int versions,
            int samples) {}
}
