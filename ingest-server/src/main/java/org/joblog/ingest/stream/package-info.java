/**
 * Joins the chunks of one stream by their offsets: trims what came twice, names what is missing.
 */
@NullMarked
package org.joblog.ingest.stream;

import org.jspecify.annotations.NullMarked;
