package io.headwater.standalone;

import java.util.List;

/**
 * The result of {@link LateDemo}, printed as the last object by {@code demo --late --json}. Accuracies are those of the predictor's
 * own answers, except for {@code accuracyUnadapted}.
 *
 * @param adaptation name of the adaptation
 * @param domains the domains whose labels came late
 * @param delaySeconds time from a request to its label
 * @param oneIn of so many requests one got a label
 * @param last number of the last requests of a domain on which accuracies are compared
 * @param joined number of requests that were joined with a late label and learned
 * @param expired number of requests whose label did not come in time
 * @param open number of requests whose label could still have come at the end
 * @param versions number of published versions of all lanes
 * @param deadLetters number of records that could not be used
 * @param seconds from the start of the broker to the last commit
 */
public record LateReport(
        String adaptation,
        List<DomainReport> domains,
        double delaySeconds,
        int oneIn,
        int last,
        int joined,
        int expired,
        int open,
        int versions,
        int deadLetters,
        double seconds) {
    public LateReport {
        domains = List.copyOf(domains);
    }

    /**
     * The results of a domain.
     *
     * @param domain name of the domain
     * @param requests number of requests
     * @param joined number of requests that were joined with a late label
     * @param accuracyBeforeLabels accuracy of the answers before anything was learned from a label of the domain
     * @param accuracyUnadapted accuracy, on the last requests, of the version that gave the first answer
     * @param accuracyLate accuracy of the answers to the last requests
     * @param accuracyAtOnce accuracy of the answers to the same last requests by a lane that got every label at once
     */
    public record DomainReport(
            String domain,
            int requests,
            int joined,
            double accuracyBeforeLabels,
            double accuracyUnadapted,
            double accuracyLate,
            double accuracyAtOnce) {}
}
