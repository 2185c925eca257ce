/** Labelled data of people's files, as samples: what {@code adapt}, {@code produce} and {@code pretrain} read. */
@NullMarked
package io.headwater.standalone.data;

import org.jspecify.annotations.NullMarked;
