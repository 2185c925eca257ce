package io.headwater.streams;

import io.headwater.testing.OnContainerBroker;

@OnContainerBroker
class StreamsContainerIT extends StreamsContract {}
