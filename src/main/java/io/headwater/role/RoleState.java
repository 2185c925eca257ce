package io.headwater.role;

/**
 * The states of a {@link Role}:
 *
 * <pre>
 * +------------+
 * |  STARTING  |------------------+--------+
 * +------------+                  |        |
 *       |                         |        |
 *       v                         |        |
 * +-------------------------+     |        |
 * |  RUNNING                |     |        |
 * |  WAITING                |-----+--------+
 * |  RECOVERING             |     |        |
 * |  (from each to another) |     |        |
 * +-------------------------+     |        |
 *                                 v        v
 *                            +---------+  +--------+
 *                            | STOPPED |  | FAILED |
 *                            +---------+  +--------+
 * </pre>
 *
 * A role that has been requested to stop keeps its state until it has released its resources; then it is STOPPED. A
 * role that cannot continue becomes FAILED. Both states are final.
 */
public enum RoleState {
    /** Not yet running: not started, or still preparing. */
    STARTING,
    /** Running. */
    RUNNING,
    /** Running, but part of the work waits for something that is not there at present, such as an artifact. */
    WAITING,
    /** Returning to the committed state after a failure that may be temporary. */
    RECOVERING,
    /** Ended on request. */
    STOPPED,
    /** Ended because it cannot continue; {@link Role#failure} and the log contain the cause. */
    FAILED;

    /** Returns whether this state is final. */
    public boolean isFinal() {
        return this == STOPPED || this == FAILED;
    }

    /** Returns whether the diagram has an arrow from this state to {@code next}. */
    public boolean mayBecome(RoleState next) {
        return !isFinal() && next != STARTING && next != this;
    }
}
