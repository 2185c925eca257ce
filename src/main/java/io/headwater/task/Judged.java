package io.headwater.task;

import io.headwater.domain.Label;

/**
 * What was said of a sample beside what it should have been.
 *
 * @param expected the sample's own label
 * @param said by a head
 */
public record Judged(Label expected, Label said) {}
