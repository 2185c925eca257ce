package io.headwater.streams;

/** What happens to requests and late labels, as counted. Dead letters are counted by their reasons. */
public enum JoinEvent {
    /** The first label of a request became a sample. */
    JOINED,
    /** Another label of a request, observed later, became a sample that corrects the one before. */
    CORRECTED,
    /** The label of a request came again. */
    REPEATED,
    /** Another label of a request was observed before the one that is known. */
    OUTDATED,
    /** A label came before its request or prediction, and waits for them. */
    EARLY,
    /** A request was answered, and its label did not come in time. */
    EXPIRED,
    /** A request was not answered by this adaptation for as long as it would have waited for its label. */
    UNANSWERED,
    /** The id of an open request was used for another one. */
    REASKED,
    /** The answer of a challenger came behind that to the same request, and is going to be scored by the same labels. */
    SHADOWED
}
