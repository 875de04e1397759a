/** The options a user can set in .logoptin and by command. */
@NullMarked
package org.joblog.schema.options;

import org.jspecify.annotations.NullMarked;
