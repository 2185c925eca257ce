package io.headwater.kafka;

import io.headwater.testing.OnContainerBroker;

@OnContainerBroker
class LogReadingContainerIT extends LogReadingContract {}
