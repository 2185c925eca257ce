package io.headwater.trainer;

import io.headwater.testing.OnEmbeddedBroker;

@OnEmbeddedBroker
class CorrectionEmbeddedTest extends CorrectionContract {}
