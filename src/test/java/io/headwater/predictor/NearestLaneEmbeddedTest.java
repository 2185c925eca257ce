package io.headwater.predictor;

import io.headwater.testing.OnEmbeddedBroker;

@OnEmbeddedBroker
class NearestLaneEmbeddedTest extends NearestLaneContract {}
