package io.headwater.trainer;

import io.headwater.testing.OnContainerBroker;

@OnContainerBroker
class MergeContainerIT extends MergeContract {}
