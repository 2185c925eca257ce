package io.headwater.streams;

import io.headwater.codec.EventType;
import io.headwater.domain.LateEvaluation;
import io.headwater.domain.Prediction;
import io.headwater.domain.Provenance;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import io.headwater.kafka.Topic;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Counts what happened to each request, from the topics alone. Each request must have been answered by a version of its own, so that
 * the evaluation of that version says what happened to this one request.
 */
final class RequestLedger {
    private final SortedMap<String, Entry> entries = new TreeMap<>();
    private final SortedMap<Long, String> byVersion = new TreeMap<>();

    /** What happened to a request, in numbers of times. */
    static final class Entry {
        int asked;
        int answered;
        int sampled;
        int corrected;
        double labelled;
        double expired;
        long amended;

        /** Whether it was asked and answered once, and joined once or expired once, on all topics alike. */
        boolean isBalanced() {
            return asked == 1
                    && answered == 1
                    && sampled + expired == 1
                    && labelled == sampled
                    && amended == corrected
                    && corrected <= sampled;
        }

        @Override
        public String toString() {
            return "asked %d, answered %d, sampled %d, corrected %d, labelled %.0f, amended %d, expired %.0f"
                    .formatted(asked, answered, sampled, corrected, labelled, amended, expired);
        }
    }

    private RequestLedger() {}

    /** Reads everything; only requests that were answered count. */
    static RequestLedger of(LateTraffic traffic) {
        RequestLedger ledger = new RequestLedger();
        for (Prediction prediction : traffic.all(Topic.PREDICTIONS, EventType.PREDICTION)) {
            ledger.entry(prediction.requestId()).answered++;
            ledger.byVersion.put(prediction.version().number(), prediction.requestId());
        }
        for (Request request : traffic.all(Topic.REQUESTS, EventType.REQUEST)) {
            if (ledger.entries.containsKey(request.id())) {
                ledger.entry(request.id()).asked++;
            }
        }
        for (Sample sample : traffic.samples()) {
            Provenance provenance = sample.provenance();
            if (provenance != null && provenance.corrects() != null) {
                ledger.entry(sample.id()).corrected++;
            } else {
                ledger.entry(sample.id()).sampled++;
            }
        }
        for (LateEvaluation evaluation : traffic.evaluations()) {
            Entry entry = ledger.entry(
                    ledger.byVersion.getOrDefault(evaluation.version().number(), "of version " + evaluation.version()));
            entry.labelled += evaluation.labelled();
            entry.expired += evaluation.expired();
            entry.amended += evaluation.amended();
        }
        return ledger;
    }

    private Entry entry(String id) {
        return entries.computeIfAbsent(id, added -> new Entry());
    }

    SortedMap<String, Entry> entries() {
        return entries;
    }

    /** Whether every request was joined or has expired, as far as evaluations say. */
    boolean isComplete() {
        return entries.values().stream().allMatch(one -> one.labelled + one.expired >= 1);
    }

    /** Sums as a table of two lines, for people. */
    List<String> table() {
        return List.of(
                "requests  answered once  joined once  corrected once  expired once  neither  more than once",
                "%8d  %13d  %11d  %14d  %12d  %7d  %14d"
                        .formatted(
                                entries.size(),
                                count(one -> one.answered == 1),
                                count(one -> one.sampled == 1),
                                count(one -> one.corrected == 1),
                                count(one -> one.expired == 1),
                                count(one -> one.sampled + one.expired < 1),
                                count(one -> one.answered > 1
                                        || one.sampled + one.expired > 1
                                        || one.corrected > 1
                                        || one.labelled > 1)));
    }

    private long count(Predicate<Entry> what) {
        return entries.values().stream().filter(what).count();
    }
}
