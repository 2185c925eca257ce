package io.headwater.predictor;

import io.headwater.testing.OnContainerBroker;

@OnContainerBroker
class NearestLaneContainerIT extends NearestLaneContract {}
