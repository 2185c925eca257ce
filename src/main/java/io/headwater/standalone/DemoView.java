package io.headwater.standalone;

import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;

/** Displays the progress of the demo. Its methods are called from several threads. */
public interface DemoView {
    /** Displays nothing. */
    DemoView NONE = new DemoView() {};

    /** Called when a stage begins; {@code title} describes it in a few words. */
    default void stage(String title) {}

    /**
     * Called before the first request of an act is sent.
     *
     * @param act its name, of at most nine characters
     * @param description what happens in it, in a few words
     * @param items number of messages
     */
    default void actBegins(String act, String description, int items) {}

    /** Called for each answer; {@code recentAccuracy} is the accuracy of the last answers in the act. */
    default void answered(String act, String text, boolean right, VersionRef by, double recentAccuracy, int count) {}

    /** Called when a version was committed, with the verdict on it. */
    default void published(ModelVersion version, Evaluation verdict) {}

    /** Called when a change of a stream was detected. */
    default void drifted(DriftSignal signal) {}

    /** Called when the predictor has switched to another version. */
    default void swapped(String domain, Serving serving) {}

    /** Called when the demo has ended. */
    default void finished(DemoReport report) {}
}
