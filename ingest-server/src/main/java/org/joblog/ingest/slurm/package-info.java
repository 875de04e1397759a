/** Asks Slurm what became of the jobs that joblog knows; runs squeue, writes to the store. */
@NullMarked
package org.joblog.ingest.slurm;

import org.jspecify.annotations.NullMarked;
