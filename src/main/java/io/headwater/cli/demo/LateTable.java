package io.headwater.cli.demo;

import io.headwater.standalone.LateReport;
import io.headwater.standalone.LateReport.DomainReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The result of the demo's second act as lines of at most 79 columns, except for the name of the folder. */
final class LateTable {
    private LateTable() {}

    static List<String> of(LateReport report, Path folder) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("%-10s %14s %10s %13s %12s %8s"
                .formatted("domain", "before labels", "unadapted", "late and few", "all at once", "labels"));
        for (DomainReport domain : report.domains()) {
            lines.add("%-10s %13.1f%% %9.1f%% %12.1f%% %11.1f%% %8d"
                    .formatted(
                            domain.domain(),
                            100 * domain.accuracyBeforeLabels(),
                            100 * domain.accuracyUnadapted(),
                            100 * domain.accuracyLate(),
                            100 * domain.accuracyAtOnce(),
                            domain.joined()));
        }
        lines.add("");
        lines.add("All but the first column are about the same last %d requests of each domain."
                .formatted(report.last()));
        lines.add("%d requests were joined with a label that came %.0f s later; of the"
                .formatted(report.joined(), report.delaySeconds()));
        lines.add("others, the time of %d is over, and %d are still open.".formatted(report.expired(), report.open()));
        lines.add("%d versions, %d dead letters in %.0f s; every version lies in"
                .formatted(report.versions(), report.deadLetters(), report.seconds()));
        lines.add(folder.toString());
        return lines;
    }
}
