/** Who prints: the job as Slurm names it, its owner, and whether the owner has opted in. */
@NullMarked
package org.joblog.shipper.job;

import org.jspecify.annotations.NullMarked;
