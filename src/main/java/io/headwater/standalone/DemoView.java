package io.headwater.standalone;

import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import java.time.Duration;

/** Displays the progress of the demo. Its methods are called from several threads. */
public interface DemoView {
    /** Displays nothing. */
    DemoView NONE = new DemoView() {
        @Override
        public boolean isShown() {
            return false;
        }
    };

    /** Returns whether somebody sees it, who may also want to see the page. */
    default boolean isShown() {
        return true;
    }

    /** Called when the page can be opened at {@code url}. */
    default void page(String url) {}

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

    /**
     * Called for each answer.
     *
     * @param text the message; empty where only its count and accuracy are to be shown
     * @param recentAccuracy accuracy of the last answers in the act
     */
    default void answered(String act, String text, boolean right, VersionRef by, double recentAccuracy, int count) {}

    /**
     * Called when a label is sent long after the request.
     *
     * @param text the message
     * @param label what was right
     * @param answered what was answered
     * @param delay time since the request
     */
    default void labelled(String act, String text, String label, String answered, Duration delay) {}

    /** Called about every second of an act that lasts, with where it stands in a few words. */
    default void standing(String text) {}

    /** Called when a version was committed, with the verdict on it. */
    default void published(ModelVersion version, Evaluation verdict) {}

    /** Called when a change of a stream was detected. */
    default void drifted(DriftSignal signal) {}

    /** Called when the predictor has switched to another version. */
    default void swapped(String domain, Serving serving) {}

    /** Called when the demo has ended. */
    default void finished() {}
}
