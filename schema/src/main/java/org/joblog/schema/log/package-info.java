/** The words of the stored log that writers and readers of the database share. */
@NullMarked
package org.joblog.schema.log;

import org.jspecify.annotations.NullMarked;
