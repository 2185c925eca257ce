package io.headwater.featurizer;

import io.headwater.testing.OnContainerBroker;

@OnContainerBroker
class FeaturizerContainerIT extends FeaturizerContract {}
