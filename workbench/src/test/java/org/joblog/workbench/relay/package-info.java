/**
 * The relay in C of deploy/slurm, without Slurm: its wire, its promise to the command, its faults.
 */
@NullMarked
package org.joblog.workbench.relay;

import org.jspecify.annotations.NullMarked;
