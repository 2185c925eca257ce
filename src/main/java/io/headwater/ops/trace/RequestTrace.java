package io.headwater.ops.trace;

import io.headwater.board.DeadLetter;
import io.headwater.domain.ServedVersion;
import io.headwater.domain.VersionRef;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request from the question to the versions that learned its label, as far as the topics keep it. Of each list, only
 * the first {@value #MOST} are kept.
 *
 * @param domain domain of the request
 * @param request the request; null when it was not found
 * @param served what served the lanes of the domain when it was asked; empty without a request
 * @param predictions its answers, in order, and those of challengers
 * @param labels what was said about the right answer, in order
 * @param samples the samples with its id, in order
 * @param deadLetters why records about it could not be used
 * @param left how many more were found
 */
public record RequestTrace(
        String domain,
        @Nullable Asked request,
        List<ServedVersion> served,
        List<Answered> predictions,
        List<Labelled> labels,
        List<Joined> samples,
        List<DeadLetter> deadLetters,
        long left) {
    /** The most answers, labels, samples and dead letters that are kept of one request. */
    public static final int MOST = 100;

    /**
     * A place on a topic.
     *
     * @param topic its name
     * @param at the time of the record
     */
    public record Place(String topic, int partition, long offset, Instant at) {
        @Override
        public String toString() {
            return "%s-%d at offset %d".formatted(topic, partition, offset);
        }
    }

    /**
     * A request.
     *
     * @param askedAt when it was made; the time of the record when the request does not say
     * @param payload kind of its payload
     * @param bytes size of the whole record's value
     * @param adaptation the adaptation that should answer; empty for the one that has served longest
     */
    public record Asked(Place place, Instant askedAt, String payload, int bytes, String adaptation) {}

    /**
     * An answer.
     *
     * @param probability probability of the answer; null when the task has none
     * @param asked probability with which the request was chosen to be labelled; 0 when it was not
     * @param shadow whether a challenger answered, whose answer no caller was given
     */
    public record Answered(
            Place place,
            Instant at,
            VersionRef version,
            String answer,
            @Nullable Float probability,
            boolean abstains,
            double asked,
            boolean shadow) {}

    /**
     * A label.
     *
     * @param observedAt when it was observed; the time of the record when the label does not say
     * @param delay seconds from the request to that; null when the request was not found
     * @param corrects the label before it, if that was another one; otherwise null
     */
    public record Labelled(
            Place place,
            Instant observedAt,
            String label,
            @Nullable Double delay,
            @Nullable String corrects) {}

    /**
     * A sample of the request.
     *
     * @param label its label; null when it has none
     * @param corrects the label that it corrects; otherwise null
     * @param lanes what became of it in each lane of the domain
     */
    public record Joined(
            Place place, @Nullable String label, @Nullable String corrects, List<Fate> lanes) {}

    /**
     * What became of a sample in a lane.
     *
     * @param lane name of the lane
     * @param state what became of it
     * @param version the version that learned it or passed it over; null when none did
     * @param servedSince when a version that had learned it began to serve; null when none has, or that is not known
     * @param removedBy the version that does not contain it any more; null when none removed it
     */
    public record Fate(
            String lane,
            State state,
            @Nullable VersionRef version,
            @Nullable Instant servedSince,
            @Nullable VersionRef removedBy) {}

    /** What became of a sample. */
    public enum State {
        /** A version learned it. */
        LEARNED("learned by"),
        /** A version learned it, and a later one took it out because another sample corrects it. */
        CORRECTED("learned by"),
        /** A version learned it, and a later one forgot it. */
        FORGOTTEN("learned by"),
        /** The lane passed it over, because it was paused. */
        PASSED_OVER("passed over by"),
        /** It became a dead letter. */
        REFUSED("refused; see the dead letters"),
        /** The lane has not come to it yet. */
        WAITING("not learned yet"),
        /** It came before the lane began. */
        BEFORE("before the first version of the lane");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /** Returns the state for people; for some, the name of a version follows. */
        public String text() {
            return text;
        }
    }
}
