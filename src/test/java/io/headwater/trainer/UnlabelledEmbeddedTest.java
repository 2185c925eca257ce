package io.headwater.trainer;

import io.headwater.testing.OnEmbeddedBroker;

@OnEmbeddedBroker
class UnlabelledEmbeddedTest extends UnlabelledContract {}
