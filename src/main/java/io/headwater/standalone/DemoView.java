package io.headwater.standalone;

import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;

/** Displays the progress of the demo. Its methods are called from several threads. */
public interface DemoView {
    /** Displays nothing. */
    DemoView NONE = new DemoView() {};

    /** Called when a stage begins; {@code title} describes it in a few words. */
    default void stage(String title) {}

    /** Called before the first request of a domain is sent. */
    default void domainBegins(String domain, int items) {}

    /** Called for each answer; {@code recentAccuracy} is the accuracy of the last answers in the domain. */
    default void answered(String domain, String text, boolean right, VersionRef by, double recentAccuracy, int count) {}

    /** Called when a version was committed. */
    default void published(ModelVersion version, String verdict) {}

    /** Called when the predictor has switched to another version. */
    default void swapped(String domain, Serving serving) {}

    /** Called when the demo has ended. */
    default void finished(DemoReport report) {}
}
