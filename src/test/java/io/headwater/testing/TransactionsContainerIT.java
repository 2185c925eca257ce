package io.headwater.testing;

@OnContainerBroker
class TransactionsContainerIT extends TransactionsContract {}
