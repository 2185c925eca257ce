package io.headwater.predictor;

import io.headwater.testing.OnEmbeddedBroker;

@OnEmbeddedBroker
class PredictorEmbeddedTest extends PredictorContract {}
