/** Holds the documents to the code and to each other. */
@NullMarked
package io.headwater.documents;

import org.jspecify.annotations.NullMarked;
