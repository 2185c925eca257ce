package io.headwater.standalone;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The result of the demo, printed as the last object by {@code demo --json}. Except for {@code accuracyUnadapted}, all
 * accuracies are those of the predictor's own answers, each given before its label was sent.
 *
 * @param adaptation name of the adaptation
 * @param domains the domains, in the order of the stream
 * @param changes what happened afterwards when the labels of a domain changed, in the order of the stream
 * @param versions number of published versions
 * @param samples number of samples used for training
 * @param deadLetters number of records that could not be used
 * @param seconds from the start of the broker to the last commit
 */
public record DemoReport(
        String adaptation,
        List<DomainReport> domains,
        List<ChangeReport> changes,
        int versions,
        int samples,
        int deadLetters,
        double seconds) {
    public DemoReport {
        domains = List.copyOf(domains);
        changes = List.copyOf(changes);
    }

    /**
     * The results in one domain.
     *
     * @param domain name of the domain
     * @param shifted whether it came after the model had settled on the source domain
     * @param accuracyBeforeShift accuracy of the last answers in the source domain
     * @param accuracyAtShift accuracy of the first answers in this domain
     * @param accuracyAfterAdaptation accuracy of the last answers in this domain
     * @param accuracyUnadapted accuracy, on the same last records, of the head with which this domain began; for the
     *     source domain, which began without a trained head, accuracy of always answering the first class
     * @param versions number of versions published in this domain
     * @param samples number of requests answered in this domain
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

    /**
     * The results after a change of labels.
     *
     * @param change name of the change
     * @param domain domain whose labels changed
     * @param samples number of requests answered
     * @param accuracyAtFirst accuracy of the first answers
     * @param accuracyAtLast accuracy of the last answers
     * @param drifts number of drift signals
     * @param refused number of versions that were not promoted
     * @param rollbacks number of times that an earlier version served again
     * @param best contender of the highest quality at the end
     * @param contenders quality of each contender on the newest samples at the end, from 0 to 1
     */
    public record ChangeReport(
            String change,
            String domain,
            int samples,
            double accuracyAtFirst,
            double accuracyAtLast,
            int drifts,
            int refused,
            int rollbacks,
            String best,
            SortedMap<String, Double> contenders) {
        public ChangeReport {
            contenders = new TreeMap<>(contenders);
        }
    }
}
