/**
 * One thread and all that it owns: the jobs, their streams, the open batch. Route is the file to
 * read first.
 */
@NullMarked
package org.joblog.ingest.lane;

import org.jspecify.annotations.NullMarked;
