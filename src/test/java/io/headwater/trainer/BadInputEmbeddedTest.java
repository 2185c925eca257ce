package io.headwater.trainer;

import io.headwater.testing.OnEmbeddedBroker;

@OnEmbeddedBroker
class BadInputEmbeddedTest extends BadInputContract {}
