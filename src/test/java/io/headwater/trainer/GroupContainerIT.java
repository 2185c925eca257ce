package io.headwater.trainer;

import io.headwater.testing.OnContainerBroker;

@OnContainerBroker
class GroupContainerIT extends GroupContract {}
