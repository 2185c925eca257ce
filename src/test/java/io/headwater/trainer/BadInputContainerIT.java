package io.headwater.trainer;

import io.headwater.testing.OnContainerBroker;

@OnContainerBroker
class BadInputContainerIT extends BadInputContract {}
