package io.headwater.trainer;

import io.headwater.testing.OnContainerBroker;

@OnContainerBroker
class LabelContainerIT extends LabelContract {}
