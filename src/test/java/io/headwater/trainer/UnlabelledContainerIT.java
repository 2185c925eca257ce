package io.headwater.trainer;

import io.headwater.testing.OnContainerBroker;

@OnContainerBroker
class UnlabelledContainerIT extends UnlabelledContract {}
