package io.headwater.kafka;

import io.headwater.testing.OnEmbeddedBroker;

@OnEmbeddedBroker
class LogReadingEmbeddedTest extends LogReadingContract {}
