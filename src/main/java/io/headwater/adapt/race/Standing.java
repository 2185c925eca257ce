package io.headwater.adapt.race;

/**
 * Whether the newest weights of the leading contender may serve.
 *
 * @param follows whether each new version serves at once
 * @param reason the reason, with numbers
 */
public record Standing(boolean follows, String reason) {}
