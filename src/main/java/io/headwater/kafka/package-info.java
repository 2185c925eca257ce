/** Floor 4: Kafka clients, topics, and reading partitions to their end, for all roles. */
@NullMarked
package io.headwater.kafka;

import org.jspecify.annotations.NullMarked;
