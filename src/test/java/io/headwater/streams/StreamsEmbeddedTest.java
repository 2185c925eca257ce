package io.headwater.streams;

import io.headwater.testing.OnEmbeddedBroker;

@OnEmbeddedBroker
class StreamsEmbeddedTest extends StreamsContract {}
