/** Finds out who a person is: by MUNGE, which every Slurm cluster has. */
@NullMarked
package org.joblog.ingest.identity;

import org.jspecify.annotations.NullMarked;
