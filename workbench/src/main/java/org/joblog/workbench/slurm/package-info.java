/**
 * joblog on a real Slurm: real daemons, real users, the plugin and the relay as they are installed;
 * and what that costs.
 */
@NullMarked
package org.joblog.workbench.slurm;

import org.jspecify.annotations.NullMarked;
