package io.headwater.testing;

@OnEmbeddedBroker
class TransactionsEmbeddedTest extends TransactionsContract {}
