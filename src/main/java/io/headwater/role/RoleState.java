package io.headwater.role;

/**
 * The states of a {@link Role}:
 *
 * <pre>
 *                +------------+
 *        +-------|  STARTING  |-------+--------+
 *        |       +------------+       |        |
 *        |             |              |        |
 *        |             v              |        |
 *        |       +------------+       |        |
 *        |   +-->|  RUNNING   |-------+--------+
 *        |   |   +------------+       |        |
 *        |   |         |              |        |
 *        |   |         v              |        |
 *        |   |   +------------+       |        |
 *        |   +---|            |       |        |
 *        +------>| RECOVERING |-------+--------+
 *                +------------+       |        |
 *                                     v        v
 *                              +---------+  +--------+
 *                              | STOPPED |  | FAILED |
 *                              +---------+  +--------+
 * </pre>
 *
 * A role that was asked to stop keeps its state until it has released what it held; then it is stopped. One that cannot
 * go on by itself fails. Both are final.
 */
public enum RoleState {
    /** Not yet at work: not started, or still preparing. */
    STARTING,
    /** At work. */
    RUNNING,
    /** Going back to what is committed, after a failure that may pass by itself. */
    RECOVERING,
    /** Ended because it was asked to. */
    STOPPED,
    /** Ended because it cannot go on; {@link Role#failure} and the log say why. */
    FAILED;

    /** Whether a role in this state has ended for good. */
    public boolean isFinal() {
        return this == STOPPED || this == FAILED;
    }

    /** Whether the diagram has an arrow from this state to {@code next}. */
    public boolean mayBecome(RoleState next) {
        return !isFinal() && next != STARTING && next != this;
    }
}
