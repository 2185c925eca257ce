package io.headwater.predictor;

import io.headwater.testing.OnContainerBroker;

@OnContainerBroker
class PredictorContainerIT extends PredictorContract {}
