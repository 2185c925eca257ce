package io.headwater.adapt.drift;

/**
 * Where the stream of a lane has changed, or may have.
 *
 * @param from number of the first sample of the lane after the change, as estimated
 * @param certain whether the change is certain
 */
public record ChangePoint(long from, boolean certain) {}
