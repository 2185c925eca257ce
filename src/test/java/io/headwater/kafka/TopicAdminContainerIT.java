package io.headwater.kafka;

import io.headwater.testing.OnContainerBroker;

@OnContainerBroker
class TopicAdminContainerIT extends TopicAdminContract {}
