/** Folds repeated and empty lines. */
@NullMarked
package org.joblog.ingest.repeat;

import org.jspecify.annotations.NullMarked;
