package io.headwater.featurizer;

import io.headwater.testing.OnEmbeddedBroker;

@OnEmbeddedBroker
class FeaturizerEmbeddedTest extends FeaturizerContract {}
