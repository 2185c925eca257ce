package io.headwater.adapt.ask;

import io.headwater.config.ask.AsksConfig.Strategy;

/**
 * Whether a request is chosen for labelling.
 *
 * @param isChosen whether it is
 * @param probability with which it was chosen, 0 to 1; 0 only when the budget of the day is spent
 * @param strategy what it was chosen by: {@link Strategy#RANDOM} when it would have been chosen with any score, and
 *     {@link Strategy#ENTROPY} instead of {@link Strategy#DISAGREEMENT} when no other contenders are known
 * @param score how much the strategy expects of the label, 0 to 1
 */
public record Choice(boolean isChosen, double probability, Strategy strategy, double score) {}
