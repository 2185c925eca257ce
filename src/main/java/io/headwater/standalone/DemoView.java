package io.headwater.standalone;

import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;

/** Shows the demo as it unfolds. Called from several threads. */
public interface DemoView {
    /** Shows nothing. */
    DemoView NONE = new DemoView() {};

    /** Something begins, in a few words. */
    default void stage(String title) {}

    /** A domain begins to be asked. */
    default void domainBegins(String domain, int items) {}

    /** An answer came; {@code recentAccuracy} is that of the last answers in the domain. */
    default void answered(String domain, String text, boolean right, VersionRef by, double recentAccuracy, int count) {}

    /** A version was committed. */
    default void published(ModelVersion version, String verdict) {}

    /** The predictor answers with another version from now on. */
    default void swapped(String domain, Serving serving) {}

    /** It is over. */
    default void finished(DemoReport report) {}
}
