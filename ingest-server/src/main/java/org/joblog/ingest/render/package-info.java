/** Console output to lines without a server: what {@code joblog render} shows. */
@NullMarked
package org.joblog.ingest.render;

import org.jspecify.annotations.NullMarked;
