package io.headwater.adapt;

/**
 * A valid sample as a lane learns it.
 *
 * @param features of the backbone
 * @param label the class it teaches
 */
public record Example(float[] features, String label) {}
