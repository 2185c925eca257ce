/**
 * Floor 5: the role that joins late labels with their requests and predictions, and evaluates the answers by them. It is a
 * Kafka Streams application; {@code docs/labels.md} has the picture of its topology.
 */
@NullMarked
package io.headwater.streams;

import org.jspecify.annotations.NullMarked;
